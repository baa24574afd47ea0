using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>The rules of transformers that read token ids.</summary>
internal static class TextRules
{
    public static void Validate(BoundModel model, TextTransformerAttribute o, ProblemList p)
    {
        TransformerRules.Validate(model, o, p);
        var hasVocabulary = TokenizerRules.Validate(model, o, p);
        p.Required(o, nameof(o.Context), o.Context, 1 << 20);
        p.Between(o, nameof(o.Segments), o.Segments, 0, 1 << 16);
        p.Between(o, nameof(o.PositionOffset), o.PositionOffset, 0, 1 << 16);
        if (hasVocabulary)
        {
            p.Between(o, nameof(o.PaddingToken), o.PaddingToken, -1, o.Vocabulary - 1);
            p.Between(o, nameof(o.EndToken), o.EndToken, -1, o.Vocabulary - 1);
        }

        p.Between(o, nameof(o.EmbeddingWidth), o.EmbeddingWidth, 0, 1 << 24);
        if (o.Positions == Positions.SinusoidalGrid)
        {
            p.Add(Rules.Conflict, o, nameof(o.Positions), "Positions.SinusoidalGrid is for pictures; legal for text: None, Learned, Sinusoidal, SinusoidalHalves, Rotary; nearest: Sinusoidal");
        }

        if (o.LearnPadding == Toggle.Off && o.PaddingToken < 0)
        {
            p.Add(Rules.NeedsOption, o, nameof(o.LearnPadding), "LearnPadding is Off, but there is no padding token: set PaddingToken, or leave LearnPadding out");
        }

        if (o.Pooling == Pooling.End && o.EndToken < 0)
        {
            p.Add(Rules.NeedsOption, o, nameof(o.Pooling), "Pooling.End looks for the end token, and there is none: set EndToken, or Pooling to HighestId");
        }
        else if (o.EndToken >= 0 && o.Pooling != Pooling.End)
        {
            p.Add(Rules.NeedsOption, o, nameof(o.EndToken), $"EndToken ({o.EndToken}) is what Pooling.End looks for, but Pooling is {o.Pooling}: set Pooling to End, or leave EndToken out");
        }

        if (o.Pooling == Pooling.Attention)
        {
            p.Add(Rules.Conflict, o, nameof(o.Pooling), "Pooling.Attention is for pictures; legal for text: None, Cls, Mean, Last, End, HighestId, ClsAndMean; nearest: Last");
        }

        Padding(o, p);
        Rotary(o, p);

        if (o.PositionOffset > 0 && o.Positions is not (Positions.Learned or Positions.Sinusoidal or Positions.SinusoidalHalves))
        {
            p.Add(Rules.NeedsOption, o, nameof(o.PositionOffset), $"PositionOffset ({o.PositionOffset}) needs a table of positions, but Positions is {o.Positions}: set Positions to Learned or Sinusoidal, or leave PositionOffset out");
        }

        if (o.CountPadding && o.PositionOffset == 0)
        {
            p.Add(Rules.NeedsOption, o, nameof(o.CountPadding), "CountPadding says what positions with an offset count, and PositionOffset is 0, where padding counts anyway: leave CountPadding out, or set PositionOffset");
        }
    }

    private static void Padding(TextTransformerAttribute o, ProblemList p)
    {
        if (o.AttendPadding && o.PaddingToken >= 0)
        {
            p.Add(Rules.Conflict, o, nameof(o.AttendPadding), $"AttendPadding takes padding for a token like any other, but PaddingToken is {o.PaddingToken}: leave one of them out");
        }

        if (o.AttendPadding && o.PositionOffset > 0 && !o.CountPadding)
        {
            p.Add(Rules.Conflict, o, nameof(o.AttendPadding), $"AttendPadding takes padding for a token like any other, but PositionOffset ({o.PositionOffset}) counts positions by the mask: leave one of them out");
        }

        if (o.AttendPadding && o.Pooling is Pooling.Mean or Pooling.ClsAndMean)
        {
            p.Add(Rules.Conflict, o, nameof(o.AttendPadding), $"AttendPadding takes padding for a token like any other, but Pooling.{o.Pooling} leaves it out: set Pooling to Last, or leave AttendPadding out");
        }
    }

    private static void Rotary(TextTransformerAttribute o, ProblemList p)
    {
        p.Between(o, nameof(o.RotaryBase), o.RotaryBase, 1, 1e12, 10_000, open: true);
        if (o.Positions != Positions.Rotary || o.Heads < 1)
        {
            return;
        }

        var (argument, value, divisor) = o.HeadWidth > 0 ? (nameof(o.HeadWidth), o.HeadWidth, 2) : (nameof(o.Width), o.Width, 2 * o.Heads);
        p.Multiple(o, argument, value, divisor, o.HeadWidth > 0 ? "2: Positions.Rotary turns pairs of channels" : $"2 x Heads ({2 * o.Heads}): Positions.Rotary turns pairs of channels");
    }
}
