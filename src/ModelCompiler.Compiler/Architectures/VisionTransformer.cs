using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>Patches, blocks, norm, pooling, heads.</summary>
internal sealed class VisionTransformer : Architecture
{
    public override Type Attribute => typeof(VisionTransformerAttribute);

    public override void Validate(BoundModel model, ProblemList p)
    {
        var o = (VisionTransformerAttribute)model.Architecture;
        TransformerRules.Validate(model, o, p);
        var hasPatch = p.Required(o, nameof(o.PatchSize), o.PatchSize, 1 << 14);
        if (o.ImageHeight == 0 || o.ImageWidth == 0)
        {
            if (p.Required(o, nameof(o.ImageSize), o.ImageSize, 1 << 14) && hasPatch)
            {
                p.Multiple(o, nameof(o.ImageSize), o.ImageSize, nameof(o.PatchSize), o.PatchSize);
            }
        }

        Side(nameof(o.ImageHeight), o.ImageHeight);
        Side(nameof(o.ImageWidth), o.ImageWidth);
        p.Between(o, nameof(o.Channels), o.Channels, 1, 1 << 12);
        p.Between(o, nameof(o.Registers), o.Registers, 0, 1 << 12);
        p.Between(o, nameof(o.PositionRows), o.PositionRows, 0, 1 << 12);
        p.Between(o, nameof(o.PositionColumns), o.PositionColumns, 0, 1 << 12);
        if (o.Positions == Positions.Sinusoidal)
        {
            p.Add(Rules.Conflict, o, nameof(o.Positions), "Sinusoidal positions are for text; legal for pictures: None, Learned, SinusoidalGrid");
        }
        else if (o.Positions == Positions.SinusoidalGrid)
        {
            p.Multiple(o, nameof(o.Width), o.Width, "4, the blocks of SinusoidalGrid", 4);
        }

        if (o.Pooling == Pooling.Last)
        {
            p.Add(Rules.Conflict, o, nameof(o.Pooling), "pictures have no last token; legal: None, Cls, Mean");
        }
        else if (o.Pooling == Pooling.Cls && !o.ClassToken)
        {
            p.Add(Rules.NeedsOption, o, nameof(o.Pooling), "Pooling.Cls needs ClassToken; without it use Mean or None");
        }

        foreach (var objective in model.Attributes.Where(static a => a is CausalLanguageModelAttribute or MaskedLanguageModelAttribute))
        {
            p.Add(Rules.ObjectiveNotSupported, objective, "", "a VisionTransformer reads pictures, not tokens; legal: Classification, FeatureRegression");
        }

        void Side(string argument, int value)
        {
            if (value != 0 && p.Between(o, argument, value, 1, 1 << 14) && hasPatch)
            {
                p.Multiple(o, argument, value, nameof(o.PatchSize), o.PatchSize);
            }
        }
    }

    public override void Build(ModelBuilder m, BoundModel model, bool withLoss)
    {
        var o = (VisionTransformerAttribute)model.Architecture;
        var embedded = PatchEmbedding.Apply(m, o);
        Tower.Apply(m, model, o, embedded, mask: null, isCausal: false, VisionSize.Of(o).Prefix, withLoss);
    }
}
