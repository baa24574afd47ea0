using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;

namespace ModelCompiler.Data.Tests;

/// <summary>Scanners by hand match what their expressions match.</summary>
public sealed class PatternTests
{
    public static TheoryData<string> Expressions => [.. TextPattern.Expressions];

    // .NET's expressions see UTF-16 units: characters beyond are taken to the test as others of their category.
    [Theory]
    [MemberData(nameof(Expressions))]
    public void Scanners_match_as_their_expressions_do(string expression)
    {
        var pattern = TextPattern.OfExpression(expression);
        var regex = new Regex(expression, RegexOptions.CultureInvariant);
        AnyText.Gen.Sample(text =>
        {
            var (units, places) = Stand(text);
            var expected = regex.Matches(units).Select(m => new TextSpan(places[m.Index], places[m.Index + m.Length]));
            Assert.Equal(expected, Spans(pattern, text));
        }, iter: 2_000);
    }

    [Fact]
    public void Expressions_without_a_scanner_are_refused_by_name() =>
        Assert.Contains(@"The expression \d+ has no scanner", Assert.Throws<ArgumentException>(static () => TextPattern.OfExpression(@"\d+")).Message);

    [Theory]
    [InlineData(SplitBehavior.Removed, "a b")]
    [InlineData(SplitBehavior.Isolated, "a - - b -")]
    [InlineData(SplitBehavior.MergedWithPrevious, "a- - b-")]
    [InlineData(SplitBehavior.MergedWithNext, "a - -b -")]
    [InlineData(SplitBehavior.Contiguous, "a -- b -")]
    public void Matches_go_where_the_behavior_says(SplitBehavior behavior, string pieces) =>
        Assert.Equal(pieces, string.Join(' ', new SplitPreTokenizer(TextPattern.Of("-"), behavior).Split("a--b-").Select(static p => p.Piece)));

    private static IEnumerable<TextSpan> Spans(TextPattern pattern, string text)
    {
        for (var span = pattern.Next(text, 0); span.Length > 0; span = pattern.Next(text, span.End))
            yield return span;
    }

    private static (string Units, int[] Places) Stand(string text)
    {
        var units = new StringBuilder();
        var places = new List<int> { 0 };
        foreach (var scalar in text.EnumerateRunes())
        {
            units.Append(scalar.IsBmp ? (char)scalar.Value : Representative(Rune.GetUnicodeCategory(scalar)));
            places.Add(places[^1] + scalar.Utf16SequenceLength);
        }

        return (units.ToString(), [.. places]);
    }

    private static char Representative(UnicodeCategory category)
    {
        for (var unit = '\u0100'; unit < '\uFFFF'; unit++)
        {
            if (!char.IsSurrogate(unit) && CharUnicodeInfo.GetUnicodeCategory(unit) == category)
                return unit;
        }

        throw new InvalidOperationException($"no unit of category {category}");
    }
}
