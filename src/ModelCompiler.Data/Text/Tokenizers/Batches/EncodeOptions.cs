namespace ModelCompiler.Data;

/// <summary>An end of a row of tokens.</summary>
public enum TokenSide
{
    Right,
    Left,
}

/// <summary>Whose tokens go where a row would be too long.</summary>
public enum TokenTruncation
{
    /// <summary>Rows are as long as they are.</summary>
    None,

    /// <summary>The longer text's; where both are too long each gets half, and the longer one the odd token.</summary>
    LongestFirst,

    /// <summary>The first text's alone.</summary>
    OnlyFirst,

    /// <summary>The second text's alone.</summary>
    OnlySecond,
}

/// <summary>How long rows are made.</summary>
public enum TokenPadding
{
    /// <summary>Each as long as it is.</summary>
    None,

    /// <summary>All as long as the longest.</summary>
    Longest,

    /// <summary>All <see cref="EncodeOptions.MaxLength"/>.</summary>
    MaxLength,
}

/// <summary>How texts become rows of tokens.</summary>
public sealed record EncodeOptions
{
    /// <summary>Puts the template's special tokens around the texts.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    public TokenTruncation Truncation { get; init; }

    /// <summary>The end that tokens are taken from.</summary>
    public TokenSide TruncationSide { get; init; }

    /// <summary>Most tokens of a row, special ones included; needed where rows are truncated, or padded to it. Where they are neither it is an error, as it would do nothing.</summary>
    public int? MaxLength { get; init; }

    /// <summary>What is cut off makes rows of its own.</summary>
    public bool KeepsOverflow { get; init; }

    /// <summary>Tokens that a row of what was cut off shares with the one before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int Stride
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Stride), value, "Rows share 0 or more tokens.");
    }

    public TokenPadding Padding { get; init; }

    /// <summary>The end where padding is put.</summary>
    public TokenSide PaddingSide { get; init; }

    /// <summary>Padded lengths are rounded up to a multiple of it; null: they stay.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int? MultipleOf
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MultipleOf), value, "Lengths are rounded up to a multiple of 1 or more.");
    }

    /// <summary>Null: the tokenizer's own.</summary>
    public string? PadToken { get; init; }

    /// <summary>Segment of padding.</summary>
    public int PadSegment { get; init; }
}
