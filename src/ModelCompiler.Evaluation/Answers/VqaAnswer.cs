using System.Text.RegularExpressions;

namespace ModelCompiler.Evaluation;

/// <summary>
/// Short answers in one spelling, by the rules of VQA's evaluation. Contractions get their apostrophes by how they are spelt; the official list
/// has oddities besides, such as keys with one of two apostrophes and capitals that never occur behind lower case.
/// </summary>
internal static partial class VqaAnswer
{
    private const string Punctuation = ";/[]\"{}()=+\\_-><@`,?!";

    private static readonly string[] s_numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    private static readonly Dictionary<string, string> s_contractions = new[]
    {
        "ain't", "aren't", "can't", "could've", "couldn't", "couldn't've", "didn't", "doesn't", "don't", "hadn't", "hadn't've", "hasn't", "haven't", "he'd've", "he's",
        "how'd", "how'll", "how's", "i'd've", "i'm", "i've", "isn't", "it'd", "it'd've", "it'll", "let's", "ma'am", "might've", "mightn't", "mightn't've", "must've", "mustn't",
        "needn't", "not've", "o'clock", "oughtn't", "shan't", "she'd've", "she's", "should've", "shouldn't", "shouldn't've", "somebody's", "someone's", "something's", "that'd",
        "that'd've", "that's", "there'd", "there'd've", "there're", "there's", "they'd", "they'd've", "they'll", "they're", "they've", "'twas", "wasn't", "we'd've", "we've",
        "weren't", "what'll", "what're", "what's", "what've", "when's", "where'd", "where's", "where've", "who'd", "who'd've", "who'll", "who's", "who've", "why'll", "why're",
        "why's", "won't", "would've", "wouldn't", "wouldn't've", "y'all", "you'd", "you'd've", "you'll", "you're", "you've",
    }.ToDictionary(static c => c.Replace("'", "", StringComparison.Ordinal), StringComparer.Ordinal);

    public static string Normalize(string text)
    {
        // A mark goes where the text has it beside a space, or has a comma between digits; else it becomes a space.
        var hasNumber = CommaInNumber().IsMatch(text);
        var plain = text;
        foreach (var mark in Punctuation)
        {
            var goes = hasNumber || text.Contains($"{mark} ", StringComparison.Ordinal) || text.Contains($" {mark}", StringComparison.Ordinal);
            plain = plain.Replace(mark.ToString(), goes ? "" : " ", StringComparison.Ordinal);
        }

        plain = Period().Replace(plain, "").ToLowerInvariant();
        return string.Join(' ', Words.Of(plain).Select(Digit).Where(static w => w is not ("a" or "an" or "the")).Select(static w => s_contractions.GetValueOrDefault(w, w)));
    }

    private static string Digit(string word) =>
        word == "none" ? "0" : Array.IndexOf(s_numbers, word) is >= 0 and var number ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : word;

    [GeneratedRegex("[0-9],[0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex CommaInNumber();

    [GeneratedRegex(@"\.(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Period();
}
