using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>CLIP's tower of text alone (CLIPTextModel, CLIPTextModelWithProjection).</summary>
internal sealed class HuggingFaceClipText() : HuggingFaceClipTower("clip_text_model", "CLIPTextModel")
{
    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceClipText;

    protected override IReadOnlyList<ConfigRow> OwnRows { get; } = TextRows("");

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<TransformerDecoderAttribute>(model, p) is { } o)
        {
            Text(p, o, Expressed);
            Projection(p, o);
        }
    }

    protected override void ScaffoldTower(ScaffoldedModel s) => s.Add("TransformerDecoder");

    protected override IEnumerable<TensorRule> Tensors(BoundModel model) => [.. TextTensors(""), new("text_projection.weight", "pool_projection.weight")];
}
