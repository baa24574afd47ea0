using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>The queries' side of LAVIS's Q-Former: a BERT with cross-attention and a feed-forward of the queries' own.</summary>
internal sealed class LavisQFormer : CheckpointFamily
{
    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        ConfigRow.Size("hidden_size", "Width", 768),
        ConfigRow.Size("num_hidden_layers", "Depth", 12),
        ConfigRow.Size("num_attention_heads", "Heads", 12),
        ConfigRow.FeedForward("intermediate_size", 3072),
        ConfigRow.ActivationName("hidden_act", "gelu"),
        ConfigRow.Real("layer_norm_eps", "NormEpsilon", 1e-12),
        ConfigRow.Dropout("hidden_dropout_prob", 0.1, "EmbeddingDropout", "ResidualDropout"),
        ConfigRow.Dropout("attention_probs_dropout_prob", 0.1, "AttentionDropout"),
    ];

    public override CheckpointFormat Format => CheckpointFormat.LavisBlip2;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    public override IReadOnlyList<string> Neutral => LavisQFormerText.Keys;

    /// <summary>Keys that say what it and the texts beside it are.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. s_rows.Select(static r => r.Key)];

    public override bool Recognises(ConfigFile config) => false;

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s) => s.Add("QFormer");

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<QFormerAttribute<object>>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Transformer, nameof(o.Queries), nameof(o.CrossEvery)]);
        RequireBiases(p, o, Biases.All);
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model) =>
    [
        .. TensorRule.Both("embeddings.LayerNorm", "embeddings.norm"),
        .. Attention("attention", "attention"),
        .. Attention("crossattention", "cross_attention"),
        .. Layer("intermediate_query.dense", "feed_forward.up"),
        .. Layer("output_query.dense", "feed_forward.down"),
        .. Layer("output_query.LayerNorm", "feed_forward_norm"),
    ];

    private static IEnumerable<TensorRule> Attention(string theirs, string ours) =>
    [
        .. new[] { "query", "key", "value" }.SelectMany(p => Layer($"{theirs}.self.{p}", $"{ours}.{p}")),
        .. Layer($"{theirs}.output.dense", $"{ours}.output"),
        .. Layer($"{theirs}.output.LayerNorm", $"{ours}_norm"),
    ];

    private static IEnumerable<TensorRule> Layer(string theirs, string ours) => TensorRule.Both($"encoder.layer.{{n}}.{theirs}", $"blocks.{{n}}.{ours}");
}
