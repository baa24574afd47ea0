using ModelCompiler.Compiler.Spec;
using static ModelCompiler.Compiler.Checkpoints.HuggingFaceClipLayers;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>SigLIP's tower of text: every token sees every other, padding too; its last position goes through a head.</summary>
internal sealed class HuggingFaceSiglipText : CheckpointFamily
{
    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        ConfigRow.Written("model_type", static _ => "siglip_text_model"),
        .. HuggingFaceClipLayers.Rows(width: 768, heads: 12, feedForward: 3072, "gelu_pytorch_tanh", 1e-6),
        ConfigRow.Size("vocab_size", "Vocabulary", 32000),
        ConfigRow.Size("max_position_embeddings", "Context", 64),
        ConfigRow.SizeOrNull("projection_size", static m => (long)HeadWidth((TransformerAttribute)m.Architecture), static (v, s) => s.Set("PoolerWidth", v ?? 0L))
            with { IsImplied = static m => m.Architecture is TransformerAttribute o && HeadWidth(o) == o.Width },
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceSiglip;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    // Padding is a token like any other.
    public override IReadOnlyList<string> Neutral => [.. HuggingFaceConfig.Neutral, "pad_token_id"];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == "siglip_text_model";

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("TransformerEncoder");
        s.Set("AttendPadding", true);
        s.Set("Pooling", Pooling.Last);
        s.Set("Pooler", Pooler.Linear);
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<TransformerEncoderAttribute>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Text, nameof(o.AttendPadding), nameof(o.Pooler), nameof(o.PoolerWidth)]);
        Require(p, o, nameof(o.AttendPadding), o.AttendPadding, true);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.On);
        Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.Last);
        Require(p, o, nameof(o.Pooler), o.Pooler, Pooler.Linear);
        RequireBiases(p, o, Biases.All);
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model) =>
    [
        new("text_model.embeddings.token_embedding.weight", "embeddings.token.weight"),
        new("text_model.embeddings.position_embedding.weight", "embeddings.position.weight"),
        .. Blocks("text_model."),
        .. TensorRule.Both("text_model.final_layer_norm", "final_norm"),
        .. TensorRule.Both("text_model.head", "pool_projection"),
    ];

    private static int HeadWidth(TransformerAttribute o) => o.PoolerWidth == 0 ? o.Width : o.PoolerWidth;
}
