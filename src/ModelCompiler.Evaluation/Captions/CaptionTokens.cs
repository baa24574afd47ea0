using System.Text.RegularExpressions;

namespace ModelCompiler.Evaluation;

/// <summary>
/// English captions as tokens joined by spaces, as COCO's evaluation prepares them: the Penn Treebank's rules, lower case, punctuation
/// removed; brackets stay as <c>-lrb-</c> and the like. The rules cover what captions hold: contractions, possessives, numbers, times,
/// hyphens, titles. The original (Stanford's PTBTokenizer) knows more abbreviations and rare symbols.
/// </summary>
public static partial class CaptionTokens
{
    private static readonly HashSet<string> s_removed = ["''", "'", "``", "`", ".", "?", "!", ",", ":", "-", "--", "...", ";"];

    private static readonly Dictionary<string, string> s_brackets = new() { ["("] = "-lrb-", [")"] = "-rrb-", ["["] = "-lsb-", ["]"] = "-rsb-", ["{"] = "-lcb-", ["}"] = "-rcb-" };

    private static readonly Dictionary<string, string> s_twoWords = new() { ["cannot"] = "can not", ["gonna"] = "gon na", ["gotta"] = "got ta", ["wanna"] = "wan na" };

    /// <summary>Tokens of a caption, joined by one space.</summary>
    public static string Of(string caption) => string.Join(' ', Pieces().Matches(caption.ToLowerInvariant().Replace('’', '\'').Replace('\n', ' '))
        .SelectMany(static m => Words.Of(Split(m.Value))).Where(static t => !s_removed.Contains(t)));

    private static string Split(string piece) =>
        s_brackets.TryGetValue(piece, out var bracket) ? bracket
        : s_twoWords.TryGetValue(piece, out var words) ? words
        : piece is "\"" or "“" or "”" ? "''"
        : Clitic().Replace(piece, " $1");

    // Titles keep their period, letters with periods too; numbers their points, commas and colons; words their hyphens and apostrophes.
    [GeneratedRegex(@"(?:mr|mrs|ms|dr|prof|st|vs|jr|sr|no|ft)\.|(?:\p{L}\.){2,}|\d+(?:[.,:/]\d+)+|\.{3}|--|[\p{L}\p{M}\p{Nd}]+(?:[-'_/][\p{L}\p{M}\p{Nd}]+)*'?|\S", RegexOptions.CultureInvariant)]
    private static partial Regex Pieces();

    [GeneratedRegex("(n't|'(?:s|re|ve|ll|d|m)|')$", RegexOptions.CultureInvariant)]
    private static partial Regex Clitic();
}
