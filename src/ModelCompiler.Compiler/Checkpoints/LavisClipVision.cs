using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>CLIP's tower of pictures as LAVIS has it: all tokens of its last block; the norm behind them lies beside it.</summary>
internal sealed class LavisClipVision : CheckpointFamily
{
    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        ConfigRow.Size("width", "Width", 1024),
        ConfigRow.Size("layers", "Depth", 23),
        ConfigRow.Size("heads", "Heads", 16),
        PictureSize.Row("input_resolution", 224),
        PictureSize.PatchRow("patch_size", 14),
    ];

    public override CheckpointFormat Format => CheckpointFormat.LavisBlip2;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    public override IReadOnlyList<string> Neutral => ["kind"];

    public override bool Recognises(ConfigFile config) => false;

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("VisionTransformer");
        s.Set("Pooling", Pooling.None);
        s.Set("EmbeddingNorm", true);
        s.Set("Activation", Activation.QuickGelu);
        s.Set("NormEpsilon", 1e-5);
        s.Set("Biases", Biases.All & ~Biases.Patch);
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<VisionTransformerAttribute>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Vision, nameof(o.EmbeddingNorm)]);
        Require(p, o, nameof(o.NormEpsilon), o.NormEpsilon, 1e-5);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.On);
        Require(p, o, nameof(o.Activation), o.Activation, Activation.QuickGelu);
        Require(p, o, nameof(o.FeedForward), ConfigRow.FeedForward(o), 4 * o.Width);
        Require(p, o, nameof(o.Channels), o.Channels, 3);
        RequireBiases(p, o, Biases.All & ~Biases.Patch);
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model) =>
        [.. OpenClipTowers.Image((VisionTransformerAttribute)model.Architecture).Where(static r => !r.Name.StartsWith("ln_post", StringComparison.Ordinal))];
}
