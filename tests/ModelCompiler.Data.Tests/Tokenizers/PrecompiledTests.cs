using System.Text;
using System.Text.Json;
using CsCheck;

namespace ModelCompiler.Data.Tests;

/// <summary>SentencePiece's tables of characters are followed as they are, and read as files that may lie.</summary>
public sealed class PrecompiledTests
{
    private static readonly byte[] s_table = CharacterTables.Of(
        [("\t", " "), ("\u0001", ""), ("\uFB01", "fi"), ("\u2460", "1"), ("e\u0301", "\u00e9"), ("\u337F", "\u682A\u5F0F\u4F1A\u793E"), ("\uFF76", "\u30AB"), ("\uFF9E", "\u3099"), ("o", "0"), ("\U0001D7D8", "0"), ("\r\n", "\n")]);

    [Theory]
    [InlineData("a\tb", "a b")]
    [InlineData("\uFB01x\u2460", "fix1")]
    [InlineData("e\u0301 e", "\u00e9 e")]
    [InlineData("a\u0001b\u0001", "ab")]
    [InlineData("\u0001a", "a")]
    [InlineData("\u337F", "\u682A\u5F0F\u4F1A\u793E")]
    [InlineData("\U0001D7D8\U0001F600", "0\U0001F600")]
    [InlineData("\r\n", "\n")]
    [InlineData("nothing here", "n0thing here")]
    [InlineData("\u4f60", "\u4f60")]
    public void Characters_become_what_the_table_says(string text, string expected) => Assert.Equal(expected, new PrecompiledNormalizer(s_table).Normalize(text));

    // Six bytes are no longer looked for as a whole; five are, and an entry for their beginning stands for all of them: so does the reference.
    [Fact]
    public void A_character_with_its_marks_is_looked_for_as_a_whole_where_it_is_short()
    {
        var normalizer = new PrecompiledNormalizer(s_table);
        Assert.Equal("\u30AB\u3099", normalizer.Normalize("\uFF76\uFF9E"));
        Assert.Equal("0", normalizer.Normalize("o\u0301\u0302"));
        Assert.Equal("0\u0301\u0302\u0303", normalizer.Normalize("o\u0301\u0302\u0303"));
    }

    [Fact]
    public void What_changes_keeps_where_it_comes_from()
    {
        var text = new AlignedText();
        text.Load("\uFB01e\u0301\u0001b\u337F", 0);
        new PrecompiledNormalizer(s_table).Apply(text);
        Assert.Equal("fi\u00e9b\u682A\u5F0F\u4F1A\u793E", new string(text.Text));
        Assert.Equal([(0, 1), (0, 1), (1, 2), (4, 5), (5, 6), (5, 6), (5, 6), (5, 6)], Enumerable.Range(0, text.Length).Select(i => (text.SourceStart(i), text.SourceEnd(i))));
        text.Load("  a \n", 0);
        new StripNormalizer().Apply(text);
        Assert.Equal(("a", 2, 3), (new string(text.Text), text.SourceStart(0), text.SourceEnd(0)));
        Assert.Equal("  a", new StripNormalizer(left: false).Normalize("  a\u00a0"));
        Assert.Equal("a ", new StripNormalizer(right: false).Normalize("\u3000a "));
    }

    // A table of all that NFKC makes of single characters of the first plane does it.
    [Fact]
    public void A_table_of_NFKC_is_NFKC()
    {
        var scalars = Enumerable.Range(0, 0xFFFE).Where(Rune.IsValid).Select(static v => new Rune(v).ToString()).ToArray();
        var changed = scalars.Where(static s => s.Normalize(NormalizationForm.FormKC) != s).ToArray();
        Assert.True(changed.Length > 2_000);
        var normalizer = new PrecompiledNormalizer(CharacterTables.Of(changed.Select(static s => (s, s.Normalize(NormalizationForm.FormKC)))));
        var text = string.Join('|', changed.Concat(scalars));
        Assert.Equal(string.Join('|', changed.Concat(scalars).Select(static s => s.Normalize(NormalizationForm.FormKC))), normalizer.Normalize(text));
    }

    [Fact]
    public void Files_hold_it_and_it_is_read_again()
    {
        var tokenizer = new Tokenizer(new UnigramModel([("<unk>", 0), ("\u2581", -1), ("fi", -2), ("0", -3)], 0))
        {
            Normalizer = new NormalizerSequence(new PrecompiledNormalizer(s_table), new StripNormalizer(left: false), new ReplaceNormalizer(TextPattern.OfExpression(" {2,}"), "\u2581")),
            PreTokenizer = new MetaspacePreTokenizer(),
        };
        var folder = Directory.CreateTempSubdirectory("tokenizer").FullName;
        try
        {
            tokenizer.Save(folder);
            var again = Tokenizer.Load(folder);
            Assert.Equal(["\u2581", "fi", "\u2581", "0"], again.Encode("\uFB01  \U0001D7D8 \t").Tokens);
            Assert.Equal(tokenizer.EncodeToIds("\uFB01  \U0001D7D8 \t"), again.EncodeToIds("\uFB01  \U0001D7D8 \t"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("\"AAAA\"", "is no table of characters: a tree of 0 bytes in a table of 3")]
    [InlineData("\"CAAAAAA=\"", "is no table of characters: a tree of 8 bytes in a table of 5")]
    [InlineData("\"BAAAAAAAAAD/\"", "is no table of characters: the texts behind the tree are no UTF-8")]
    [InlineData("\"###\"", "is no table of characters: no base64")]
    [InlineData("\"\"", "is no table of characters: a tree of 0 bytes in a table of 0")]
    [InlineData("3", "precompiled_charsmap is 3; legal is a string")]
    public void What_is_no_table_is_said_to_be_none(string value, string message) => Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Read(value)).Message);

    [Fact]
    public void Values_that_lead_to_no_text_are_found_when_it_is_read()
    {
        var table = CharacterTables.Of([("a", "b")]);
        Assert.Contains("of the tree leads to no text", Assert.Throws<InvalidDataException>(() => new PrecompiledNormalizer(table[..^2])).Message);
        Assert.Contains("of the tree leads to no text", Assert.Throws<InvalidDataException>(() => new PrecompiledNormalizer(CharacterTables.Of([("a", "")])[..^1])).Message);
    }

    [Fact]
    public void Changed_tables_are_refused_or_followed()
    {
        Gen.Select(Gen.Select(Gen.Int[0, s_table.Length - 1], Gen.Byte).Array[1, 6], AnyText.Gen).Sample((changes, text) =>
        {
            byte[] bytes = [.. s_table];
            foreach (var (at, value) in changes)
                bytes[at] = value;
            try
            {
                _ = new PrecompiledNormalizer(bytes).Normalize(text + "\uFB01e\u0301\u0001o\t");
            }
            catch (InvalidDataException)
            {
                // Said when it is read.
            }
        }, iter: FuzzRuns.Of(20_000));
    }

    private static void Read(string value)
    {
        using var json = JsonDocument.Parse($$"""{"type": "Precompiled", "precompiled_charsmap": {{value}}}""");
        NormalizerJson.Read(new JsonFields(json.RootElement, "n"));
    }
}
