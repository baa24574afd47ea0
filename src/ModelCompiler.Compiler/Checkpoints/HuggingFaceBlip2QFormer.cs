using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>The queries' side of the Q-Former within BLIP-2. Its queries lie beside it.</summary>
/// <param name="readsText">It has parts that read text, which are another format's.</param>
internal sealed class HuggingFaceBlip2QFormer(CheckpointFormat format = CheckpointFormat.HuggingFaceBlip2, bool readsText = false) : CheckpointFamily
{
    private readonly IReadOnlyList<ConfigRow> _rows =
    [
        ConfigRow.Fixed("model_type", "blip_2_qformer"),
        ConfigRow.Size("hidden_size", "Width", 768),
        ConfigRow.Size("num_hidden_layers", "Depth", 12),
        ConfigRow.Size("num_attention_heads", "Heads", 12),
        ConfigRow.FeedForward("intermediate_size", 3072),
        ConfigRow.ActivationName("hidden_act", "gelu"),
        ConfigRow.Real("layer_norm_eps", "NormEpsilon", 1e-12),
        ConfigRow.Dropout("hidden_dropout_prob", 0.1, "EmbeddingDropout", "ResidualDropout"),
        ConfigRow.Dropout("attention_probs_dropout_prob", 0.1, "AttentionDropout"),
        ConfigRow.Size("cross_attention_frequency", "CrossEvery", 2),
        ConfigRow.Size("encoder_hidden_size", static m => (long)Side.Of(m)[0].Options!.Width) with { Default = 1408L },
        ConfigRow.Fixed("use_qformer_text_input", readsText),
        ConfigRow.Fixed("is_encoder_decoder", [false]),
    ];

    public override CheckpointFormat Format => format;

    public override IReadOnlyList<ConfigRow> Rows => _rows;

    public override IReadOnlyList<string> Neutral => [.. HuggingFaceConfig.Neutral, .. OfText];

    /// <summary>Keys of text, which it does not read.</summary>
    public static IReadOnlyList<string> OfText { get; } = ["vocab_size", "max_position_embeddings", "pad_token_id", "position_embedding_type", "classifier_dropout"];

    public override bool Recognises(ConfigFile config) => false;

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s) => s.Add("QFormer");

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<QFormerAttribute<object>>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Transformer, nameof(o.Queries), nameof(o.CrossEvery)]);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.Off);
        RequireBiases(p, o, Biases.All);
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model) =>
    [
        .. TensorRule.Both("layernorm", "embeddings.norm"),
        .. Attention("attention", "attention"),
        .. Attention("crossattention", "cross_attention"),
        .. Layer("intermediate_query.dense", "feed_forward.up"),
        .. Layer("output_query.dense", "feed_forward.down"),
        .. Layer("output_query.LayerNorm", "feed_forward_norm"),
    ];

    private static IEnumerable<TensorRule> Attention(string theirs, string ours) =>
    [
        .. new[] { "query", "key", "value" }.SelectMany(p => Layer($"{theirs}.attention.{p}", $"{ours}.{p}")),
        .. Layer($"{theirs}.output.dense", $"{ours}.output"),
        .. Layer($"{theirs}.output.LayerNorm", $"{ours}_norm"),
    ];

    private static IEnumerable<TensorRule> Layer(string theirs, string ours) => TensorRule.Both($"encoder.layer.{{n}}.{theirs}", $"blocks.{{n}}.{ours}");
}
