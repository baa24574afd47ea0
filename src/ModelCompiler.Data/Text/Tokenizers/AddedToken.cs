namespace ModelCompiler.Data;

/// <summary>A token that is cut out of the text before all else, as it is written, inside words too.</summary>
/// <param name="Content">What is looked for; not empty.</param>
public sealed record AddedToken(string Content)
{
    /// <summary>Null: the model's own id for it, or else the next free one.</summary>
    public int? Id { get; init; }

    /// <summary>Left out of decoded text where that is asked for.</summary>
    public bool IsSpecial { get; init; } = true;

    /// <summary>Not found inside a word.</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>Takes the white space before it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Takes the white space behind it.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Looked for in normalized text, itself normalized.</summary>
    public bool IsNormalized { get; init; }
}
