using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>open_clip's tower of pictures (<c>vision_cfg</c>): CLIP's, and what its options make of it.</summary>
internal sealed class OpenClipVision(CheckpointFormat format) : CheckpointFamily
{
    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        ConfigRow.Size("layers", "Depth", 12),
        ConfigRow.Size("width", "Width", 768),
        ConfigRow.Size("head_width", static m => m.Architecture is TransformerAttribute o ? (long)o.Width / o.Heads : null) with { Default = 64L },
        ConfigRow.Ratio("mlp_ratio", 4),
        PictureSize.Row("image_size", 224),
        PictureSize.PatchRow("patch_size", 16),
        ConfigRow.RealOrNull("ls_init_value", static m => m.Architecture is TransformerAttribute { LayerScale: > 0 } o ? o.LayerScale : null, static (v, s) => s.Set("LayerScale", v ?? 0.0)) with { IsCompared = false },
        ConfigRow.Flag("no_ln_pre", false, static m => !((TransformerAttribute)m.Architecture).EmbeddingNorm, static (v, s) => s.Set("EmbeddingNorm", !v)),
        ConfigRow.Flag("final_ln_after_pool", false, static m => m.Architecture is TransformerAttribute { Pooling: Pooling.Mean, PoolNorm: true }),
        ConfigRow.Choice<bool>("pool_type", ["tok", "avg"], static m => m.Architecture is TransformerAttribute { Pooling: Pooling.Mean } ? "avg" : "tok", static v => v is "tok" or "avg" ? true : null) with { Default = "tok" },
        ConfigRow.Real("norm_kwargs.eps", "NormEpsilon", 1e-5),
        ConfigRow.Fixed("attentional_pool", [false]),
        ConfigRow.Fixed("patch_dropout", [0L, 0.0]) with { IsCompared = false },
        ConfigRow.Fixed("pos_embed_type", ["learnable"]),
        ConfigRow.Fixed("output_tokens", [false, true]) with { IsCompared = false },
        ConfigRow.Fixed("timm_model_name", [null]),
    ];

    public override CheckpointFormat Format => format;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    public override IReadOnlyList<string> Neutral => [];

    public override bool Recognises(ConfigFile config) => false;

    // With the class token alone it is one, whether the norm stands before pooling or behind.
    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("VisionTransformer");
        s.Set("Biases", Biases.All & ~Biases.Patch);
        var isMean = config.Text("pool_type") == "avg";
        var isBehind = !isMean || config.Flag("final_ln_after_pool", false);
        s.Set("Pooling", isMean ? Pooling.Mean : Pooling.Cls);
        s.Set("PoolNorm", isBehind);
        s.Set("FinalNorm", isBehind ? Toggle.Off : Toggle.Auto);
        var (width, head) = (config.Integer("width") ?? 768, config.Integer("head_width") ?? 64);
        s.Set("Heads", head > 0 && width % head == 0 ? width / head : config.Fail<long>("head_width", head, $"a divisor of the width {width}"), "head_width");
        var ratio = config.Real("mlp_ratio") ?? 4;
        s.FeedForward("mlp_ratio", w => w * ratio);
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<VisionTransformerAttribute>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Vision, nameof(o.EmbeddingNorm), nameof(o.PoolNorm), nameof(o.LayerScale), nameof(o.Pooler), nameof(o.PoolerWidth), nameof(o.PoolerBias)]);
        Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.Cls, Pooling.Mean);
        if (o.Pooling == Pooling.Cls)
        {
            Require(p, o, nameof(o.PoolNorm), o.PoolNorm, true);
        }

        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, o.PoolNorm ? [Toggle.Off] : [Toggle.Auto, Toggle.On]);
        Require(p, o, nameof(o.Channels), o.Channels, 3);
        Require(p, o, nameof(o.PositionRows), o.PositionRows, 0);
        Require(p, o, nameof(o.PositionColumns), o.PositionColumns, 0);
        RequireBiases(p, o, Biases.All & ~Biases.Patch);
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model) => OpenClipTowers.Image((VisionTransformerAttribute)model.Architecture);
}
