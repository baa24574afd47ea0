using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>CLIP's tower of pictures alone (CLIPVisionModel, CLIPVisionModelWithProjection).</summary>
internal sealed class HuggingFaceClipVision() : HuggingFaceClipTower("clip_vision_model", "CLIPVisionModel")
{
    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceClipVision;

    protected override IReadOnlyList<ConfigRow> OwnRows { get; } = ImageRows("");

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<VisionTransformerAttribute>(model, p) is { } o)
        {
            Image(p, o, Expressed);
            Projection(p, o);
        }
    }

    protected override void ScaffoldTower(ScaffoldedModel s)
    {
        s.Add("VisionTransformer");
        ScaffoldImage(s);
    }

    protected override IEnumerable<TensorRule> Tensors(BoundModel model) => [.. ImageTensors("", (VisionTransformerAttribute)model.Architecture), new("visual_projection.weight", "pool_projection.weight")];
}
