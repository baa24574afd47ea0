namespace ModelCompiler.Data;

/// <summary>Words as the letters that training starts from, and the order in which those are numbered.</summary>
internal static class Letters
{
    /// <summary>A word's characters, those marked that do not begin it or that end it.</summary>
    public static IEnumerable<string> Of(string word, string prefix, string suffix)
    {
        for (int at = 0, units; at < word.Length; at += units)
        {
            units = char.IsHighSurrogate(word[at]) ? 2 : 1;
            var letter = word.Substring(at, units);
            yield return (at > 0 ? prefix : "") + letter + (at + units == word.Length ? suffix : "");
        }
    }

    /// <summary>Special tokens, then all characters by code point, then the marked ones by theirs.</summary>
    /// <param name="more">Characters that count as seen.</param>
    public static IEnumerable<string> Numbered(IEnumerable<string> special, IEnumerable<string> words, IEnumerable<string> more, string prefix, string suffix)
    {
        var (plain, marked) = (new HashSet<string>(more, StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var word in words)
        {
            foreach (var (letter, mark) in Of(word, "", "").Zip(Of(word, prefix, suffix)))
            {
                plain.Add(letter);
                if (mark != letter)
                    marked.Add(mark);
            }
        }

        return special.Concat(plain.Order(CodePointOrder.Instance)).Concat(marked.Order(CodePointOrder.Instance));
    }
}
