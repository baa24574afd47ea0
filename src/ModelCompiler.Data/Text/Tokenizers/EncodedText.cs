namespace ModelCompiler.Data;

/// <summary>The tokens of a text, or of a pair of texts, and what is known of each. All lists are equally long.</summary>
public sealed class EncodedText
{
    internal EncodedText(int length)
    {
        (Ids, Tokens, Spans) = (new int[length], new string[length], new TextSpan[length]);
        (Segments, Mask, SpecialMask, Texts) = (new int[length], new int[length], new int[length], new int?[length]);
    }

    /// <summary>Number of tokens.</summary>
    public int Count => Ids.Length;

    public int[] Ids { get; }

    /// <summary>What each token is written as; for added tokens and unknown pieces of unigram models the stretch that they took.</summary>
    public string[] Tokens { get; }

    /// <summary>Where each token stands in its text, in UTF-16 units; 0..0 for tokens that were put there.</summary>
    public TextSpan[] Spans { get; }

    /// <summary>Segment ids.</summary>
    public int[] Segments { get; }

    /// <summary>1 for tokens, 0 for padding.</summary>
    public int[] Mask { get; }

    /// <summary>1 for special tokens that were put there, and padding.</summary>
    public int[] SpecialMask { get; }

    /// <summary>Which text each token is of, 0 or 1; null for tokens that were put there.</summary>
    public int?[] Texts { get; }

    /// <summary>The spans of the tokens of one text, counted in code points, as other languages count.</summary>
    /// <param name="text">The text that the spans are places of.</param>
    /// <param name="which">Which of a pair it is; the other's tokens have the span 0..0.</param>
    public TextSpan[] SpansInCodePoints(string text, int which = 0)
    {
        var points = new int[text.Length + 1];
        for (var i = 0; i < text.Length; i++)
            points[i + 1] = points[i] + (i > 0 && char.IsLowSurrogate(text[i]) && char.IsHighSurrogate(text[i - 1]) ? 0 : 1);
        return [.. Spans.Select((span, i) => Texts[i] == which ? new TextSpan(points[span.Start], points[span.End]) : default)];
    }

    internal void Set(int at, int id, string token, TextSpan span, int segment, int? text)
    {
        (Ids[at], Tokens[at], Spans[at], Segments[at], Texts[at]) = (id, token, span, segment, text);
        (Mask[at], SpecialMask[at]) = (1, text is null ? 1 : 0);
    }
}
