using System.Text;
using CsCheck;

namespace ModelCompiler.Data.Tests;

/// <summary>Text is rewritten as Unicode and the originals do, and where everything comes from is kept.</summary>
public sealed class NormalizerTests
{
    // Every character between two letters, as tokenizers 0.22.2 with unicode_categories 0.1.1 takes it: nothing of them is known that was added to Unicode since.
    [Fact]
    public void Accents_punctuation_and_controls_of_bert_are_those_of_the_reference()
    {
        var counts = new Dictionary<ScalarKind, int>();
        for (var scalar = 0; scalar <= 0x10FFFF; scalar++)
        {
            if (scalar is >= 0xD800 and <= 0xDFFF)
                continue;
            var kind = Data.Scalars.At(char.ConvertFromUtf32(scalar), 0, out _);
            foreach (var one in new[] { ScalarKind.NonSpacingMark, ScalarKind.Punctuation, ScalarKind.Control })
                counts[one] = counts.GetValueOrDefault(one) + (kind.HasFlag(one) ? 1 : 0);
        }

        Assert.Equal((1_567, 726, 137_683), (counts[ScalarKind.NonSpacingMark], counts[ScalarKind.Punctuation], counts[ScalarKind.Control]));
        var bert = new Tokenizer(new WordLevelModel(new Vocabulary(["?"])) { UnknownToken = "?" }) { Normalizer = new BertNormalizer(), PreTokenizer = new BertPreTokenizer() };
        Assert.Equal("0-3", Pieces("a\u061Db")); // punctuation since Unicode 14
        Assert.Equal("0-1 1-2 2-3", Pieces("a\u061Bb"));
        Assert.Equal("0-1 1-2 2-3", Pieces("a\u166Db")); // a symbol since Unicode 12
        string Pieces(string text) => string.Join(' ', bert.Encode(text).Spans.Select(static s => $"{s.Start}-{s.End}"));
    }

    public static TheoryData<NormalizationForm> Forms => [NormalizationForm.FormC, NormalizationForm.FormD, NormalizationForm.FormKC, NormalizationForm.FormKD];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Normal_forms_are_those_of_the_platform(NormalizationForm form)
    {
        var normalizer = new UnicodeNormalizer(form);
        AnyText.Gen.Where(static t => !t.Contains('\uFFFE', StringComparison.Ordinal)).Sample(text => Assert.Equal(text.Normalize(form), normalizer.Normalize(text)), iter: 5_000);
        Marks.Sample(text => Assert.Equal(text.Normalize(form), normalizer.Normalize(text)), iter: 5_000);
    }

    // As many marks in a row as the platform is not asked about, and fewer; of all classes.
    [Theory]
    [MemberData(nameof(Forms))]
    public void Long_runs_of_marks_are_put_in_order_as_the_platform_does_it(NormalizationForm form)
    {
        var normalizer = new UnicodeNormalizer(form);
        Rune[] marks = [.. Scalars.Where(CombiningOrder.IsMark), new(0xFF9E), new(0xFF9F)];
        var mark = Gen.Int[0, marks.Length - 1].Select(i => marks[i].ToString());
        var run = Gen.Select(Gen.Int[0x20, 0x24F], mark.Array[0, 3 * MarkRuns.Long]).Select(static (letter, many) => $"{new Rune(letter)}{string.Concat(many)}");
        run.Array[1, 3].Select(static runs => string.Concat(runs)).Sample(text => Assert.Equal(text.Normalize(form), normalizer.Normalize(text)), iter: 2_000);
    }

    [Fact]
    public void Runs_of_marks_are_found_wherever_they_lie()
    {
        foreach (var mark in new[] { "\u0301", "\uFF9E", "\U0001D165" })
        {
            for (var before = 0; before < 2 * MarkRuns.Long; before++)
            {
                var text = string.Concat(new string('a', before), string.Concat(Enumerable.Repeat(mark, MarkRuns.Long)), new string('b', before % 3));
                Assert.True(MarkRuns.HasLong(text));
                Assert.False(MarkRuns.HasLong(text.Remove(before + (mark.Length * (before % MarkRuns.Long)), mark.Length)));
            }
        }
    }

    // What is no mark itself and begins as one would join a run unseen.
    [Fact]
    public void Two_letters_alone_decompose_into_marks() =>
        Assert.Equal([0xFF9E, 0xFF9F], Scalars.Where(static s => !CombiningOrder.IsMark(s) && !CombiningOrder.IsStarter(Decompositions.Compatible.Of(s).EnumerateRunes().First())).Select(static s => s.Value));

    [Fact]
    public void Every_character_normalizes_as_the_platform_says()
    {
        foreach (var form in Forms.Select(static f => f.Data))
        {
            var normalizer = new UnicodeNormalizer(form);
            var text = string.Join(' ', Scalars.Select(static s => s.ToString()));
            Assert.Equal(text.Normalize(form), normalizer.Normalize(text));
        }
    }

    [Fact]
    public void What_the_platform_refuses_stays_as_it_is() =>
        Assert.Equal("\u00e9\uFFFE\u0301\uFFFE\u00e9", new UnicodeNormalizer(NormalizationForm.FormC).Normalize("e\u0301\uFFFE\u0301\uFFFEe\u0301"));

    // A composed letter has the source of the first that went into it, a part of one that of the whole.
    [Fact]
    public void What_changes_keeps_where_it_comes_from()
    {
        Assert.Equal([("a", 0, 1), ("\u00e9", 1, 2), ("b", 3, 4)], Sources(new UnicodeNormalizer(NormalizationForm.FormC), "ae\u0301b"));
        Assert.Equal([("e", 0, 1), ("\u0301", 0, 1), ("b", 1, 2)], Sources(new UnicodeNormalizer(NormalizationForm.FormD), "\u00e9b"));
        Assert.Equal([("f", 0, 1), ("i", 0, 1)], Sources(new UnicodeNormalizer(NormalizationForm.FormKC), "\uFB01"));
        Assert.Equal([("i", 0, 1), ("\u0307", 0, 1), ("x", 1, 2)], Sources(new LowercaseNormalizer(), "\u0130X"));
        Assert.Equal([("a", 0, 1), ("-", 2, 3), ("b", 3, 4)], Sources(new ReplaceNormalizer(TextPattern.OfExpression(@"\s+"), "-"), "a \tb"));
        Assert.Equal([("\U00010428", 0, 2), ("b", 2, 3)], Sources(new LowercaseNormalizer(), "\U00010400B"));
        Assert.Equal([(" ", 0, 1), ("\u4f60", 0, 1), (" ", 0, 1), ("e", 2, 3), ("o", 4, 5)], Sources(new BertNormalizer(), "\u4f60\u200b\u00c9\u0301O"));
    }

    [Theory]
    [InlineData("A\tB\u00a0C\nD", "a b c d")]
    [InlineData("x\u0000y\u0085z\uFFFD\u00ad\ue000!", "xyz!")]
    [InlineData("\u01d5 \u1e9e \u03a3", "u \u00df \u03c3")]
    [InlineData("a\u8c48\U00020000b", "a \u8c48  \U00020000 b")]
    public void Cleaning_is_that_of_BERT(string text, string expected) => Assert.Equal(expected, new BertNormalizer().Normalize(text));

    [Fact]
    public void Each_step_of_BERT_can_be_left_out()
    {
        Assert.Equal("\u00c9\t\u4f60", new BertNormalizer { CleanText = false, HandleChineseCharacters = false, Lowercase = false }.Normalize("\u00c9\t\u4f60"));
        Assert.Equal("\u00e9", new BertNormalizer { StripAccents = false }.Normalize("\u00c9"));
        Assert.Equal("E", new BertNormalizer { StripAccents = true, Lowercase = false }.Normalize("\u00c9"));
    }

    [Fact]
    public void A_pattern_may_become_what_it_finds() =>
        Assert.Equal("aaaa-b", new NormalizerSequence(new ReplaceNormalizer(TextPattern.Of("a"), "aa"), new ReplaceNormalizer(TextPattern.Of(" "), "-"), new StripAccentsNormalizer()).Normalize("aa b\u0301"));

    [Fact]
    public void Normalization_that_does_nothing_is_found_out()
    {
        Assert.False(UnicodeGuard.Works(static (text, _) => text));
        Assert.True(UnicodeGuard.Works(static (text, form) => text.Normalize(form)));
        Assert.Contains("InvariantGlobalization", Assert.Throws<InvalidOperationException>(static () => UnicodeGuard.Require(works: false)).Message);
    }

    private static IEnumerable<Rune> Scalars => Enumerable.Range(0, 0x110000).Where(static v => Rune.IsValid(v) && v != 0xFFFE).Select(static v => new Rune(v));

    // Letters under heaps of marks of all classes, and what takes marks in.
    private static Gen<string> Marks => Gen.OneOf(
        Gen.Int[0x300, 0x36F], Gen.Int[0x591, 0x5C7], Gen.Int[0x1DC0, 0x1DFF], Gen.Int[0x93C, 0x94D], Gen.Int[0x1100, 0x11FF], Gen.Int[0xAC00, 0xAC40], Gen.Int[0x1E00, 0x1EFF], Gen.Int['a', 'z'],
        Gen.Int[0x1D157, 0x1D172], Gen.Int[0x3099, 0x309A], Gen.Int[0x304B, 0x3062]).Where(Rune.IsValid).Array[1, 12].Select(static a => string.Concat(a.Select(static v => new Rune(v).ToString())));

    private static IEnumerable<(string, int, int)> Sources(TextNormalizer normalizer, string text)
    {
        var aligned = new AlignedText();
        aligned.Load(text, 0);
        normalizer.Apply(aligned);
        var found = new List<(string, int, int)>();
        for (int at = 0, units; at < aligned.Length; at += units)
        {
            units = char.IsHighSurrogate(aligned.Text[at]) ? 2 : 1;
            var source = aligned.Source(at, at + units);
            found.Add((new string(aligned.Text.Slice(at, units)), source.Start, source.End));
        }

        return found;
    }
}
