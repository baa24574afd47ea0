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

    internal void Set(int at, int id, string token, TextSpan span, int segment, int? text)
    {
        (Ids[at], Tokens[at], Spans[at], Segments[at], Texts[at]) = (id, token, span, segment, text);
        (Mask[at], SpecialMask[at]) = (1, text is null ? 1 : 0);
    }
}
