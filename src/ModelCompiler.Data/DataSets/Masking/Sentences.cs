using System.Buffers;

namespace ModelCompiler.Data;

/// <summary>Text into sentences, by a rule of thumb for European languages.</summary>
public static class Sentences
{
    private static readonly SearchValues<char> s_letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    // Behind these a full stop ends no sentence. Neither does it behind a single letter.
    private static readonly HashSet<string> s_titles = new(["Mr", "Mrs", "Ms", "Dr", "St", "Prof", "Capt", "Rev", "Messrs", "Mme", "Mlle", "viz", "etc", "vs", "No"], StringComparer.Ordinal);

    /// <summary>
    /// The sentences of a text, on one line each: a sentence ends at a blank line, and at a full stop, a question or an exclamation mark, closing
    /// quotes and brackets included, where white space follows, and behind it no small letter.
    /// </summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var sentences = new List<string>();
        var start = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var end = IsBlankLine(text, at) ? at : text[at] is '.' or '?' or '!' ? EndOf(text, start, at) : -1;
            if (end < 0)
                continue;
            Add(sentences, text.AsSpan(start, end - start));
            (start, at) = (end, Math.Max(at, end - 1));
        }

        Add(sentences, text.AsSpan(start));
        return sentences;
    }

    private static bool IsBlankLine(string text, int at)
    {
        if (text[at] != '\n')
            return false;
        var next = at + 1;
        while (next < text.Length && text[next] is ' ' or '\t' or '\r')
            next++;
        return next < text.Length && text[next] == '\n';
    }

    // One behind the sentence that the mark ends; -1: it ends none.
    private static int EndOf(string text, int start, int mark)
    {
        var end = mark + 1;
        while (end < text.Length && text[end] is '.' or '?' or '!' or '"' or '\'' or ')' or ']' or '_' or '\u201D' or '\u2019' or '\u00BB')
            end++;
        if (end < text.Length && !char.IsWhiteSpace(text[end]))
            return -1;
        var next = end;
        while (next < text.Length && char.IsWhiteSpace(text[next]))
            next++;
        if (next < text.Length && char.IsLower(text[next]))
            return -1;
        return text[mark] == '.' && end == mark + 1 && IsShort(text.AsSpan(start, mark - start)) ? -1 : end;
    }

    private static bool IsShort(ReadOnlySpan<char> before)
    {
        var word = before[(before.LastIndexOfAnyExcept(s_letters) + 1)..];
        return word.Length == 1 || s_titles.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
    }

    private static void Add(List<string> sentences, ReadOnlySpan<char> text)
    {
        var line = string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Any(char.IsLetterOrDigit))
            sentences.Add(line);
    }
}
