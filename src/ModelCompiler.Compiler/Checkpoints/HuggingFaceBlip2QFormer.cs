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
        .. BertQFormer.Rows,
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

    public override IEnumerable<TensorRule> Tensors(BoundModel model) => BertQFormer.Tensors("layernorm", "attention");
}
