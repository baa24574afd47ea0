using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>The rules of transformers that read token ids.</summary>
internal static class TextRules
{
    public static void Validate(BoundModel model, TextTransformerAttribute o, ProblemList p)
    {
        TransformerRules.Validate(model, o, p);
        var hasVocabulary = p.Required(o, nameof(o.Vocabulary), o.Vocabulary);
        p.Required(o, nameof(o.Context), o.Context, 1 << 20);
        p.Between(o, nameof(o.Segments), o.Segments, 0, 1 << 16);
        p.Between(o, nameof(o.PositionOffset), o.PositionOffset, 0, 1 << 16);
        if (hasVocabulary)
        {
            p.Between(o, nameof(o.PaddingToken), o.PaddingToken, -1, o.Vocabulary - 1);
        }

        if (o.Positions == Positions.SinusoidalGrid)
        {
            p.Add(Rules.Conflict, o, nameof(o.Positions), "Positions.SinusoidalGrid is for pictures; legal for text: None, Learned, Sinusoidal; nearest: Sinusoidal");
        }

        if (o.PositionOffset > 0 && o.Positions == Positions.None)
        {
            p.Add(Rules.NeedsOption, o, nameof(o.PositionOffset), $"PositionOffset ({o.PositionOffset}) needs positions, but Positions is None: set Positions to Learned or Sinusoidal, or leave PositionOffset out");
        }
    }
}
