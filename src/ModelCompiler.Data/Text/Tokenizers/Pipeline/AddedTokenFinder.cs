using System.Buffers;

namespace ModelCompiler.Data;

/// <summary>Finds added tokens in a text: the leftmost, and of those that begin there the longest.</summary>
internal sealed class AddedTokenFinder
{
    private readonly (string Content, int Id, AddedToken Token)[] _tokens;
    private readonly SearchValues<string> _contents;

    /// <param name="tokens">With ids; what each is looked for by may differ from its content.</param>
    public AddedTokenFinder(IEnumerable<(string Content, int Id, AddedToken Token)> tokens)
    {
        _tokens = [.. tokens.Where(static t => t.Content.Length > 0).OrderByDescending(static t => t.Content.Length)];
        _contents = SearchValues.Create([.. _tokens.Select(static t => t.Content)], StringComparison.Ordinal);
    }

    public bool IsEmpty => _tokens.Length == 0;

    /// <summary>A token in the text and the stretch it takes, white space included. One that begins with white space may begin in the stretch of the one before.</summary>
    internal readonly record struct Found(int Id, int Start, int End);

    /// <summary>The first token from <paramref name="at"/> on, which moves behind it.</summary>
    /// <param name="taken">Where the stretch of the token before ended: white space is taken once.</param>
    public bool TryNext(ReadOnlySpan<char> text, ref int at, int taken, out Found found)
    {
        while (at < text.Length && text[at..].IndexOfAny(_contents) is var ahead and >= 0)
        {
            var start = at + ahead;
            var (content, id, token) = At(text[start..]);
            at = start + content.Length;
            if (token.IsSingleWord && (EndsWithWord(text[..start]) || BeginsWithWord(text[at..])))
                continue;
            var end = at;
            while (token.StripsLeft && start > taken && Scalars.Of(text[start - 1]).HasFlag(ScalarKind.Space))
                start--;
            while (token.StripsRight && end < text.Length && Scalars.Of(text[end]).HasFlag(ScalarKind.Space))
                end++;
            found = new Found(id, start, end);
            return true;
        }

        found = default;
        return false;
    }

    private (string Content, int Id, AddedToken Token) At(ReadOnlySpan<char> text)
    {
        foreach (var token in _tokens)
        {
            if (text.StartsWith(token.Content, StringComparison.Ordinal))
                return token;
        }

        throw new InvalidOperationException("A token was found where none begins.");
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) => text.Length > 0
        && Scalars.At(text, text.Length > 1 && char.IsLowSurrogate(text[^1]) && char.IsHighSurrogate(text[^2]) ? text.Length - 2 : text.Length - 1, out _).HasFlag(ScalarKind.Word);

    private static bool BeginsWithWord(ReadOnlySpan<char> text) => text.Length > 0 && Scalars.At(text, 0, out _).HasFlag(ScalarKind.Word);
}
