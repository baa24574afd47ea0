using System.Text;
using ModelCompiler.Testing;

namespace ModelCompiler.Data.Tests;

/// <summary>
/// Long texts that know no pause. Nothing is timed: what takes a step for each pair of units takes minutes to hours, and does not end here.
/// </summary>
public sealed class LinearityTests
{
    // Words, white space, halves of pairs and whole ones; marks that have to change places; parts of syllables; special tokens and what begins as one.
    private static readonly string[] s_endless =
    [
        "a", "ab", " ", " a", "\n", "'", "7", "\u4f60", "\uD83D", "\U0001F600", "\u0301\u0316", "\U0001D165\U0001D16D\u0334", "\u3099\uFF9E\u0301", "\u0344\u0345",
        "\u1100\u1161\u11a8", "[MASK", "<|endoftext|> ", "<s> ", "##", "\u2581",
    ];

    public static TheoryData<string> Own => TokenizerPropertyTests.All;

    public static TheoryData<string> Published => GoldenTokenizerTests.Published;

    [Theory]
    [MemberData(nameof(Own))]
    public void Tokenizers_of_the_repository_end(string name) => Ends(Tokenizer.Load(Path.Combine(GoldenFolder.Path, name)));

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_tokenizers_end(string name) => Ends(TokenizerFiles.Load(SharedGolden.Find(name), SharedData.Find("vocab"), isPrefixed: false));

    [Theory]
    [MemberData(nameof(NormalizerTests.Forms), MemberType = typeof(NormalizerTests))]
    public void A_million_marks_are_put_in_order(NormalizationForm form)
    {
        const int Half = 500_000;
        var text = "x" + string.Concat(Enumerable.Repeat("\u0301\u0316", Half));
        Assert.Equal("x" + new string('\u0316', Half) + new string('\u0301', Half), new UnicodeNormalizer(form).Normalize(text));
    }

    private static void Ends(Tokenizer tokenizer)
    {
        foreach (var unit in s_endless)
        {
            var text = string.Concat(Enumerable.Repeat(unit, 250_000 / unit.Length));
            var row = tokenizer.Encode(text, addSpecialTokens: false);
            Assert.Equal(row.Count, tokenizer.CountTokens(text, addSpecialTokens: false));
        }
    }
}
