using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>Patches, blocks, norm, pooling, heads.</summary>
internal sealed class VisionTransformer : Architecture
{
    public override Type Attribute => typeof(VisionTransformerAttribute);

    public override void Validate(BoundModel model, ProblemList p) => VisionRules.Validate(model, (VisionTransformerAttribute)model.Architecture, p);

    public override void Build(ModelBuilder m, BoundModel model, bool withLoss)
    {
        var o = (VisionTransformerAttribute)model.Architecture;
        var embedded = PatchEmbedding.Apply(m, o);
        Tower.Apply(m, model, o, embedded, mask: null, isCausal: false, VisionSize.Of(o).Prefix, withLoss);
    }
}
