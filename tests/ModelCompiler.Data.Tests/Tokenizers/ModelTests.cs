namespace ModelCompiler.Data.Tests;

/// <summary>Models and added tokens on vocabularies that can be worked out by hand.</summary>
public sealed class ModelTests
{
    [Fact]
    public void Words_that_differ_by_zeros_at_their_end_are_different_words()
    {
        var tokenizer = Tokenizer.Load(Path.Combine(GoldenFolder.Path, "trained-bytes"));
        int letter = tokenizer.Vocabulary["a"], zero = tokenizer.Vocabulary["\u0100"];
        var model = new Tokenizer(tokenizer.Model) { PreTokenizer = new ByteLevelPreTokenizer { UseExpression = false } };
        foreach (var zeros in new[] { 0, 1, 2, 1, 0 })
            Assert.Equal([letter, .. Enumerable.Repeat(zero, zeros)], model.EncodeToIds("a" + new string('\0', zeros)));
    }

    // What tokenizers 0.22.2 gives: letters that lack are left out, and spans behind them move forward by the bytes of the letters.
    [Theory]
    [InlineData("abcd", "ac 0-2, d 2-3")]
    [InlineData("abc dab", "ac 0-2, \u0120 3-4, d 4-5, a 5-6")]
    [InlineData("a\u00E9bcd", "a 0-1, \u00C3 1-2, \u00A9 1-2, c 2-3, d 3-4")]
    [InlineData("b\u00E9bd bcd", "\u00C3 0-2, \u00A9 1-2, d 1-2, \u0120 4-5, c 5-6, d 6-7")]
    [InlineData("xy\u00E9a", "\u00C3 0-2, \u00A9 2-3, a 2-3")]
    [InlineData("x\u00E9\u00E9c", "\u00C3 0-2, \u00A9 1-2, \u00C3 1-3, \u00A9 2-3, c 2-3")]
    [InlineData("\u00E9a \u00E9d", "\u00C3 0-1, \u00A9 0-1, a 1-2, \u0120 2-3, \u00C3 3-4, \u00A9 3-4, d 4-5")]
    public void Spans_where_letters_of_bytes_lack_are_those_of_the_reference(string text, string expected)
    {
        var tokenizer = new Tokenizer(new BytePairModel(new Vocabulary(["a", "c", "\u00C3", "\u00A9", "d", "ac", "\u0120"]), [("a", "c")])) { PreTokenizer = new ByteLevelPreTokenizer() };
        var row = tokenizer.Encode(text);
        Assert.Equal(expected, string.Join(", ", row.Tokens.Zip(row.Spans, static (token, span) => $"{token} {span.Start}-{span.End}")));
    }

    [Fact]
    public void A_word_has_no_negative_length() => Assert.Throws<ArgumentOutOfRangeException>(static () => new WordPieceModel(new Vocabulary(["[UNK]"])) { MostCharacters = -1 });

    [Fact]
    public void A_length_that_does_nothing_is_an_error()
    {
        var tokenizer = new Tokenizer(new WordLevelModel(new Vocabulary(["?"])) { UnknownToken = "?" }) { PadToken = "?" };
        Assert.Contains("MaxLength is 3, and nothing is done with it", Assert.Throws<ArgumentException>(() => tokenizer.EncodeBatch(["a"], options: new EncodeOptions { MaxLength = 3 })).Message);
        Assert.Throws<ArgumentException>(() => tokenizer.EncodeBatch(["a"], options: new EncodeOptions { MaxLength = 3, Padding = TokenPadding.Longest }));
        Assert.Equal(3, tokenizer.EncodeBatch(["a"], options: new EncodeOptions { MaxLength = 3, Padding = TokenPadding.MaxLength }).Rows[0].Ids.Length);
    }

    // The sum of scores decides; an unknown character costs ten more than the rarest token.
    [Theory]
    [InlineData(-1, "ab")]
    [InlineData(5, "ab")]
    [InlineData(15, "a b")]
    public void Unigram_takes_the_best_way(double b, string tokens)
    {
        var tokenizer = new Tokenizer(new UnigramModel([("<unk>", 0), ("ab", -30), ("b", b)], 0));
        Assert.Equal(tokens, string.Join(' ', tokenizer.Encode("ab").Tokens));
        Assert.Equal(["xy", "b"], tokenizer.Encode("xyb").Tokens);
        Assert.Equal([new(0, 2), new(2, 3)], tokenizer.Encode("xyb").Spans);
    }

    [Fact]
    public void What_nothing_stands_for_is_an_error()
    {
        Assert.Contains("'x' is not among the vocabulary's 1 tokens", Assert.Throws<ArgumentException>(static () => new Tokenizer(new WordLevelModel(new Vocabulary(["a"]))).Encode("x")).Message);
        Assert.Contains("No token covers '\U0001F600'", Assert.Throws<ArgumentException>(static () => new Tokenizer(new UnigramModel([("a", 0)], null)).Encode("\U0001F600")).Message);
        Assert.Contains("score", Assert.Throws<ArgumentException>(static () => new UnigramModel([("a", double.NaN)], null)).Message);
        Assert.Contains("3 has no token", Assert.Throws<ArgumentOutOfRangeException>(static () => new Tokenizer(new WordLevelModel(new Vocabulary(["a"]))).Decode([3])).Message);
    }

    // White space between two tokens goes to the first that takes it.
    [Theory]
    [InlineData("x <a> <b> x", "x |<a> |<b>| x")]
    [InlineData("x<a>x", "x|<a>|x")]
    [InlineData("x <c> x", "x |<c>| x")]
    [InlineData("x<c>x <c>", "x<c>x |<c>")]
    [InlineData("<bb> <b>", "<bb>| <b>")]
    [InlineData("<a> \u2192x", "<a> | \u2192|x")]
    public void Added_tokens_take_what_they_say(string text, string pieces)
    {
        var tokenizer = new Tokenizer(
            new WordLevelModel(new Vocabulary(["?"])) { UnknownToken = "?" },
            [new AddedToken("<a>") { StripsRight = true }, new AddedToken("<b>") { StripsLeft = true }, new AddedToken("<c>") { IsSingleWord = true }, new AddedToken("<bb>"), new AddedToken("<b") { Id = 9 }, new AddedToken(" \u2192")]);
        Assert.Equal(pieces.Split('|'), tokenizer.Encode(text).Spans.Select(s => text[s.Start..s.End]));
    }

    [Fact]
    public void Added_tokens_that_are_normalized_are_found_in_normalized_text()
    {
        var tokenizer = new Tokenizer(new WordLevelModel(new Vocabulary(["?"])) { UnknownToken = "?" }, [new AddedToken("King") { IsNormalized = true }, new AddedToken("Queen")])
        {
            Normalizer = new LowercaseNormalizer(),
        };
        Assert.Equal(["king", "?", "Queen"], tokenizer.Encode("KiNg, Queen").Tokens);
    }

    [Fact]
    public void Code_points_order_letters_not_units()
    {
        Assert.True(CodePointOrder.Instance.Compare("\uE000", "\U00010000") < 0);
        Assert.True(CodePointOrder.Instance.Compare("a", "ab") < 0);
        Assert.True(CodePointOrder.Instance.Compare("b", "ab") > 0);
        Assert.Equal(0, CodePointOrder.Instance.Compare("\U00010000", "\U00010000"));
    }
}
