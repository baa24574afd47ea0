using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>
/// Two towers of other models as Hugging Face transformers joins them (VisionTextDualEncoderModel): each is stored as its own
/// <c>[Checkpoint]</c> says, and the projections read what its pooler gives.
/// </summary>
internal sealed class HuggingFaceVisionTextDual : HuggingFaceTowers
{
    private static readonly IReadOnlyList<CheckpointFamily> s_images = [new HuggingFaceVit(), new HuggingFaceDeit(), new HuggingFaceDinov2(), new HuggingFaceClipVision()];

    private static readonly IReadOnlyList<CheckpointFamily> s_texts = [new HuggingFaceBert(), new HuggingFaceRoberta(), new HuggingFaceClipText()];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceVisionTextDual;

    protected override string ModelType => "vision-text-dual-encoder";

    protected override string ClassName => "VisionTextDualEncoderModel";

    public override void Validate(BoundModel model, ProblemList p)
    {
        var sides = Clip(model) is null ? [] : Side.Of(model);
        foreach (var (side, legal, parameter) in sides.Zip([s_images, s_texts], static (s, l) => (s, l)).Zip(["TImage", "TText"], static (x, n) => (x.s, x.l, n)))
        {
            if (FamilyOf(side, legal) is null)
            {
                p.Add(Rules.FormatCannotExpress, model.Architecture, parameter, $"'{side.Model.Spec.Type.Name}' must say how it is stored within {Format} checkpoints: give it [Checkpoint(CheckpointFormat.X)], X one of {string.Join(", ", legal.Select(static f => f.Format))}");
                return;
            }
        }

        base.Validate(model, p);
    }

    protected override IReadOnlyList<TowerFormat> Towers(BoundModel model) => Side.Of(model) is [var image, var text]
        && FamilyOf(image, s_images) is { } images && FamilyOf(text, s_texts) is { } texts ? Of(images, texts) : [];

    protected override IReadOnlyList<TowerFormat> Towers(ConfigFile config)
    {
        var (image, text) = (Family("vision_config", s_images), Family("text_config", s_texts));
        return image is null || text is null ? [] : Of(image, text);

        CheckpointFamily? Family(string key, IReadOnlyList<CheckpointFamily> legal)
        {
            var inner = config.Under(key);
            return legal.FirstOrDefault(f => f.Recognises(inner)) ?? inner.Fail<CheckpointFamily?>("model_type", inner.Get("model_type"), string.Join(", ", legal.Select(static f => f.Format)));
        }
    }

    protected override void Scaffold(ConfigFile config, CheckpointFamily family, ScaffoldedModel tower)
    {
        tower.Add("Checkpoint");
        tower.Set("Checkpoint", "format", family.Format, null);
        if (family is HuggingFaceDinov2)
        {
            tower.Set("Pooling", Pooling.Cls);
        }
    }

    // CLIP and DINOv2 give their pooled vector, the others have weights for it.
    protected override void Tower(CompositionAttribute c, CheckpointFamily family, TransformerAttribute o, ProblemList p)
    {
        if (family is HuggingFaceClipTower)
        {
            Require(p, o, nameof(o.Pooler), o.Pooler, Pooler.None);
            return;
        }

        Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.Cls);
        if (family is not HuggingFaceDinov2 && o.Pooler == Pooler.None)
        {
            Require(p, o, nameof(o.Pooler), o.Pooler, Pooler.Tanh);
        }
    }

    private static IReadOnlyList<TowerFormat> Of(CheckpointFamily image, CheckpointFamily text) =>
        [new("image", image, "vision_config", "vision_model."), new("text", text, "text_config", "text_model.")];

    private static CheckpointFamily? FamilyOf(Side side, IReadOnlyList<CheckpointFamily> legal) => legal.FirstOrDefault(f => f.Format == side.Model.Get<CheckpointAttribute>()?.Format);
}
