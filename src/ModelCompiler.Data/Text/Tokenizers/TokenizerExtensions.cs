namespace ModelCompiler.Data;

/// <summary>Shorter ways to a tokenizer's ids.</summary>
public static class TokenizerExtensions
{
    /// <summary>The ids of a text, in an array of their own.</summary>
    public static int[] EncodeToIds(this ITokenizer tokenizer, string text, bool addSpecialTokens = true)
    {
        var ids = new int[(text.Length / 2) + 16];
        if (!tokenizer.TryEncode(text, ids, out var count, addSpecialTokens))
        {
            ids = new int[count];
            tokenizer.TryEncode(text, ids, out _, addSpecialTokens);
        }

        return ids.Length == count ? ids : ids[..count];
    }
}
