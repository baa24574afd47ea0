using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>The rules of transformers that read pictures.</summary>
internal static class VisionRules
{
    public static void Validate(BoundModel model, VisionTransformerAttribute o, ProblemList p)
    {
        TransformerRules.Validate(model, o, p);
        Sizes(o, p);
        p.Between(o, nameof(o.Channels), o.Channels, 1, 1 << 12);
        p.Between(o, nameof(o.Registers), o.Registers, 0, 1 << 12);
        p.Between(o, nameof(o.PositionRows), o.PositionRows, 0, 1 << 12);
        p.Between(o, nameof(o.PositionColumns), o.PositionColumns, 0, 1 << 12);
        if (o.Positions is Positions.Sinusoidal or Positions.SinusoidalHalves or Positions.Rotary)
        {
            p.Add(Rules.Conflict, o, nameof(o.Positions), $"Positions.{o.Positions} is for text; legal for pictures: None, Learned, SinusoidalGrid; nearest: SinusoidalGrid");
        }
        else if (o.Positions == Positions.SinusoidalGrid)
        {
            p.Multiple(o, nameof(o.Width), o.Width, 4, "4, the number of parts of Positions.SinusoidalGrid");
        }

        if (o.Positions != Positions.Learned)
        {
            Idle(o, nameof(o.PositionRows), o.PositionRows, p);
            Idle(o, nameof(o.PositionColumns), o.PositionColumns, p);
        }

        if (o.Pooling is Pooling.Last or Pooling.End or Pooling.HighestId)
        {
            p.Add(Rules.Conflict, o, nameof(o.Pooling), o.Pooling == Pooling.Last ? "Pooling.Last needs a last token, and pictures have none; legal for pictures: None, Cls, Mean, ClsAndMean, Attention; nearest: Mean"
                : $"Pooling.{o.Pooling} looks for an id, and pictures have none; legal for pictures: None, Cls, Mean, ClsAndMean, Attention; nearest: Cls");
        }
        else if (o.Pooling is Pooling.Cls or Pooling.ClsAndMean && !o.ClassToken)
        {
            p.Add(Rules.NeedsOption, o, model.IsWritten(o, nameof(o.Pooling)) ? nameof(o.Pooling) : nameof(o.ClassToken), $"Pooling.{o.Pooling} needs the class token, but ClassToken is false: set Pooling to Mean or None, or ClassToken to true");
        }

        if (o.Pooling == Pooling.Attention && o.HeadWidth > 0)
        {
            p.Multiple(o, nameof(o.Width), o.Width, o.Heads, $"Heads ({o.Heads}), those of Pooling.Attention");
        }

        if (o.DistillationToken && !o.ClassToken)
        {
            p.Add(Rules.NeedsOption, o, nameof(o.DistillationToken), "DistillationToken stands behind the class token, but ClassToken is false: set ClassToken to true, or leave DistillationToken out");
        }

        foreach (var objective in model.Attributes.Where(static a => a is CausalLanguageModelAttribute or MaskedLanguageModelAttribute))
        {
            p.Add(Rules.ObjectiveNotSupported, objective, "", $"[{AttributeBinder.NameOf(objective.GetType())}] needs tokens, and a VisionTransformer reads pictures; legal: [Classification], [FeatureRegression], [SupervisedContrastive]");
        }
    }

    // A side of the picture is a multiple of the patch's; what is square may be said once.
    private static void Sizes(VisionTransformerAttribute o, ProblemList p)
    {
        var hasPatch = (o.PatchHeight != 0 && o.PatchWidth != 0) || p.Required(o, nameof(o.PatchSize), o.PatchSize, 1 << 14);
        hasPatch &= Side(o, nameof(o.PatchHeight), o.PatchHeight, p) & Side(o, nameof(o.PatchWidth), o.PatchWidth, p);
        var isSquare = o.ImageHeight == 0 || o.ImageWidth == 0;
        var hasPicture = (!isSquare || p.Required(o, nameof(o.ImageSize), o.ImageSize, 1 << 14)) & Side(o, nameof(o.ImageHeight), o.ImageHeight, p) & Side(o, nameof(o.ImageWidth), o.ImageWidth, p);
        if (!hasPatch || !hasPicture)
        {
            return;
        }

        Multiple(o, o.ImageHeight, nameof(o.ImageHeight), o.PatchHeight, nameof(o.PatchHeight), p);
        if (o.ImageHeight != 0 || o.ImageWidth != 0 || o.PatchHeight != o.PatchWidth)
        {
            Multiple(o, o.ImageWidth, nameof(o.ImageWidth), o.PatchWidth, nameof(o.PatchWidth), p);
        }
    }

    private static bool Side(VisionTransformerAttribute o, string argument, int value, ProblemList p) => value == 0 || p.Between(o, argument, value, 1, 1 << 14);

    private static void Multiple(VisionTransformerAttribute o, int side, string name, int patch, string patchName, ProblemList p)
    {
        var (argument, value) = side == 0 ? (nameof(o.ImageSize), o.ImageSize) : (name, side);
        var (divisor, of) = patch == 0 ? (o.PatchSize, nameof(o.PatchSize)) : (patch, patchName);
        p.Multiple(o, argument, value, divisor, $"{of} ({divisor})");
    }

    private static void Idle(VisionTransformerAttribute o, string argument, int value, ProblemList p)
    {
        if (value > 0)
        {
            p.Add(Rules.NeedsOption, o, argument, $"{argument} ({value}) is the size of a learned table, but Positions is {o.Positions}: set Positions to Learned, or leave {argument} out");
        }
    }
}
