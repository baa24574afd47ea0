namespace ModelCompiler.Data;

/// <summary>Text to token ids and back. Implementations can be used by several threads at once.</summary>
public interface ITokenizer
{
    /// <summary>All tokens, those included that were added to the model's own.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>Tokens that are cut out of texts before all else.</summary>
    IReadOnlyList<AddedToken> AddedTokens { get; }

    /// <summary>
    /// Writes the ids of a text to the front of <paramref name="ids"/>. Halves of surrogate pairs count as U+FFFD. Allocates nothing once
    /// its buffers have seen some texts as long, but where normalizing has to take characters apart.
    /// </summary>
    /// <param name="count">Number of tokens of the text, whether they fit or not.</param>
    /// <param name="addSpecialTokens">Puts the template's special tokens around the text.</param>
    /// <returns>False where <paramref name="ids"/> is too short; what it then holds is of no use.</returns>
    bool TryEncode(ReadOnlySpan<char> text, Span<int> ids, out int count, bool addSpecialTokens = true);

    /// <summary>Number of tokens that <see cref="TryEncode"/> writes.</summary>
    int CountTokens(ReadOnlySpan<char> text, bool addSpecialTokens = true);

    /// <summary>Tokens with all that is known of them: text, place, segment.</summary>
    EncodedText Encode(string text, string? pair = null, bool addSpecialTokens = true);

    /// <summary>The text that ids stand for; not the text that they were made of where normalizing loses something.</summary>
    /// <param name="skipSpecialTokens">Leaves special tokens out.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id has no token.</exception>
    string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true);
}
