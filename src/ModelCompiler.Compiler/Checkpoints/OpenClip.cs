using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>
/// open_clip's models of its own towers (<c>CLIP</c>, and <c>CustomTextCLIP</c>, which has <c>text.</c> before the names of its tower of
/// text). Its configuration is what its own files have under <c>model_cfg</c>. A projection of text with a bias is the text's pooler here:
/// the picture's projection is then its pooler too, and the composition has none.
/// </summary>
/// <param name="custom">Whether names of the text's tower begin with <c>text.</c></param>
internal sealed class OpenClip(bool custom) : TwoTowers
{
    private const string Plain = "open_clip.model.CLIP", Custom = "open_clip.model.CustomTextCLIP";

    public override CheckpointFormat Format => custom ? CheckpointFormat.OpenClipCustomText : CheckpointFormat.OpenClip;

    public override IReadOnlyList<ConfigRow> Rows =>
    [
        ConfigRow.Size("embed_dim", static m => (long)Width(m), static (v, s) => { }),
        ConfigRow.Written("custom_text", _ => custom ? true : ConfigRow.Absent),
        ConfigRow.Written("architecture", _ => custom ? Custom : Plain),
        ConfigRow.Flag("quick_gelu", false, static m => Side.Of(m)[0].Transformer.Activation == Activation.QuickGelu),
        ConfigRow.LogScale("init_logit_scale", Math.Log(1 / 0.07)),
        ConfigRow.RealOrNull("init_logit_bias", static m => m.Architecture is CompositionAttribute { Bias: true } o ? o.InitialBias : null, static (v, s) => s.Set("InitialBias", v ?? -10)) with { IsCompared = false },
    ];

    public override IReadOnlyList<string> Neutral => ["reference"];

    protected override IEnumerable<TensorRule> Own =>
    [
        Scalar("logit_scale", JointSpace.LogitScale),
        Scalar("logit_bias", JointSpace.LogitBias),
        new("visual.proj", "image_projection.weight") { IsTransposed = true },
        new((custom ? "text." : "") + "text_projection", "text_projection.weight") { IsTransposed = true },
    ];

    // The causal mask, where a file keeps it.
    protected override string[] Ignored => ["attn_mask", "text.attn_mask"];

    public override bool Recognises(ConfigFile config) => config.Has("vision_cfg") && config.Has("text_cfg") && IsCustom(config) == custom;

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        base.Scaffold(config, tensors, s);
        if (config.Text("architecture") is { } architecture && architecture is not (Plain or Custom))
        {
            s.Fail<object>("architecture", architecture, $"{Plain}, {Custom}");
        }
    }

    protected override IReadOnlyList<TowerFormat> Towers(BoundModel model) => Of();

    protected override IReadOnlyList<TowerFormat> Towers(ConfigFile config) => Of();

    protected override void Scaffold(ConfigFile config, CheckpointFamily family, ScaffoldedModel tower)
    {
        tower.Set("Activation", config.Flag("quick_gelu", false) ? Activation.QuickGelu : Activation.Gelu, "quick_gelu");
        if (HasBias(config))
        {
            tower.Set("Pooler", Pooler.Linear);
            tower.Set("PoolerWidth", config.Integer("embed_dim") ?? 0, "embed_dim");
            tower.Set("PoolerBias", family is OpenClipText);
        }
    }

    protected override void Objective(ConfigFile config, ScaffoldedModel s)
    {
        if (HasBias(config))
        {
            s.Set("Projection", Projection.None);
        }
        else
        {
            s.Set("Embedding", config.Integer("embed_dim") ?? config.Fail<long>("embed_dim", null, ConfigType.Size), "embed_dim");
        }

        var isSigmoid = config.Real("init_logit_bias") is not null;
        s.Set("Bias", isSigmoid);
        s.Set("ScaleLimit", isSigmoid ? 0.0 : 100.0);
        s.Add(isSigmoid ? "PairwiseSigmoid" : "Contrastive");
    }

    protected override void Options(BoundModel model, CompositionAttribute o, ProblemList p)
    {
        Require(p, o, nameof(o.Projection), o.Projection, Projection.Linear, Projection.None);
        if (Side.Of(model) is [{ Options: TransformerAttribute image } first, { Options: TransformerAttribute text } second] && image.Activation != text.Activation)
        {
            p.Add(Rules.FormatCannotExpress, o, "TText", $"'{first.Model.Spec.Type.Name}' has Activation {image.Activation} and '{second.Model.Spec.Type.Name}' {text.Activation}, but {Format} checkpoints have one for both: "
                + "give both the same, or store the model as CheckpointFormat.Native");
        }
    }

    protected override void Tower(CompositionAttribute c, CheckpointFamily family, TransformerAttribute o, ProblemList p)
    {
        Require(p, o, nameof(o.Activation), o.Activation, Activation.Gelu, Activation.QuickGelu);
        Require(p, o, nameof(o.Pooler), o.Pooler, c.Projection == Projection.None ? Pooler.Linear : Pooler.None);
        if (o.Pooler == Pooler.Linear)
        {
            Require(p, o, nameof(o.PoolerBias), o.PoolerBias, family is OpenClipText);
        }
    }

    private static bool HasBias(ConfigFile config) => config.Flag("text_cfg.proj_bias", false);

    private static bool IsCustom(ConfigFile config) => config.Flag("custom_text") ?? config.Text("architecture") == Custom;

    private static int Width(BoundModel model) => model.Architecture is CompositionAttribute { Embedding: > 0 } o ? o.Embedding : Side.Of(model)[0].PooledWidth;

    private IReadOnlyList<TowerFormat> Of() => [new("image", new OpenClipVision(Format), "vision_cfg", "visual."), new("text", new OpenClipText(Format), "text_cfg", custom ? "text." : "")];
}
