using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>Patches, blocks, norm, pooling, heads.</summary>
internal sealed class VisionTransformer : TowerArchitecture
{
    public override Type Attribute => typeof(VisionTransformerAttribute);

    public override void Validate(BoundModel model, ProblemList p) => VisionRules.Validate(model, (VisionTransformerAttribute)model.Architecture, p);

    public override Features Features(ModelBuilder m, TowerAttribute options, Reading reading)
    {
        var o = (VisionTransformerAttribute)options;
        return Tower.Apply(m, o, PatchEmbedding.Apply(m, o), new Sight(null, IsCausal: false, reading.Memory), VisionSize.Of(o).Prefix);
    }
}
