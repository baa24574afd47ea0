namespace ModelCompiler.Data;

/// <summary>A long row of token ids, read anywhere by several threads.</summary>
public interface ITokens
{
    /// <summary>Number of tokens.</summary>
    long Count { get; }

    /// <summary>What messages call it.</summary>
    string Name { get; }

    /// <summary>Copies ids.</summary>
    /// <param name="start">Number of the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    /// <exception cref="InvalidDataException">What lies there is no id.</exception>
    void Copy(long start, Span<int> ids);
}

/// <summary>Tokens from texts.</summary>
public static class Tokens
{
    /// <summary>Tokens that are in memory.</summary>
    public static ITokens Of(ReadOnlyMemory<int> ids, string name = "tokens") => new TokenArray(ids, name);

    /// <summary>Texts as one row of tokens.</summary>
    /// <param name="separator">Token put behind each text, such as GPT-2's end of text; null: the template's special tokens are around it.</param>
    /// <exception cref="KeyNotFoundException">The vocabulary does not have the separator.</exception>
    public static ITokens Of(ITokenizer tokenizer, IRecords<string> texts, string? separator = null)
    {
        var ids = new List<int>();
        foreach (var id in Encode(tokenizer, texts, separator))
            ids.Add(id);
        return Of(ids.ToArray());
    }

    /// <summary>The ids of texts, one after the other.</summary>
    /// <inheritdoc cref="Of(ITokenizer, IRecords{string}, string?)"/>
    public static IEnumerable<int> Encode(ITokenizer tokenizer, IRecords<string> texts, string? separator = null)
    {
        int? end = separator is null ? null : tokenizer.Vocabulary[separator];
        for (var i = 0L; i < texts.Count; i++)
        {
            foreach (var id in tokenizer.EncodeToIds(texts.Read(i), addSpecialTokens: end is null))
                yield return id;
            if (end is { } token)
                yield return token;
        }
    }

    internal static void Check(this ITokens tokens, long start, int count)
    {
        if (start < 0 || start > tokens.Count - count)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"{count} tokens from {start} on; {tokens.Name} has {tokens.Count}.");
    }

    private sealed class TokenArray(ReadOnlyMemory<int> ids, string name) : ITokens
    {
        public long Count => ids.Length;

        public string Name => name;

        public void Copy(long start, Span<int> to)
        {
            this.Check(start, to.Length);
            ids.Span.Slice((int)start, to.Length).CopyTo(to);
        }
    }
}
