using ModelCompiler.Runtime;

namespace ModelCompiler.Data.Tests;

/// <summary>Token batches of models are filled as rows are encoded.</summary>
public sealed class FillTests
{
    private static readonly Tokenizer s_tokenizer = Tokenizer.Load(Path.Combine(GoldenFolder.Path, "trained-wordpiece"));
    private static readonly string[] s_first = ["Speak, speak.", "", "You are all resolved rather to die than to famish?"];
    private static readonly string[] s_second = ["We know't, we know't.", "Resolved.", "First, you know Caius Marcius is chief enemy to the people."];

    [Theory]
    [InlineData(false, TokenSide.Right)]
    [InlineData(true, TokenSide.Right)]
    [InlineData(true, TokenSide.Left)]
    public void Batches_hold_what_rows_hold(bool isPair, TokenSide padding)
    {
        var options = new EncodeOptions { Truncation = TokenTruncation.LongestFirst, MaxLength = 20, Padding = TokenPadding.MaxLength, PaddingSide = padding };
        var batch = s_tokenizer.Fill(new Tokens(3, 20), s_first, isPair ? s_second : null, options);
        var rows = s_tokenizer.EncodeBatch(s_first, isPair ? s_second : null, options).Rows;
        Assert.Equal(rows.SelectMany(static r => r.Ids), batch.Ids);
        Assert.Equal(rows.SelectMany(static r => r.Mask), batch.Mask);
        Assert.Equal(isPair ? rows.SelectMany(static r => r.Segments) : null, batch.Segments);
    }

    // As truncation_side of a file says, where a call says nothing else.
    [Fact]
    public void Rows_are_cut_at_the_end_that_the_file_names()
    {
        var left = new Tokenizer(s_tokenizer.Model, s_tokenizer.AddedTokens)
        {
            Normalizer = s_tokenizer.Normalizer,
            PreTokenizer = s_tokenizer.PreTokenizer,
            PostProcessor = s_tokenizer.PostProcessor,
            PadToken = s_tokenizer.PadToken,
            BatchOptions = new EncodeOptions { TruncationSide = TokenSide.Left },
        };
        var whole = s_tokenizer.EncodeToIds(s_first[2]);
        int[] start = [.. whole[..7], whole[^1]], end = [whole[0], .. whole[^7..]];
        Assert.NotEqual(start, end);
        Assert.Equal(start, s_tokenizer.Fill(new Tokens(1, 8), s_first[2..], truncate: true).Ids);
        Assert.Equal(end, left.Fill(new Tokens(1, 8), s_first[2..], truncate: true).Ids);
        Assert.Equal(end, left.Fill(new Tokens(1, 8), s_first[2..], options: new EncodeOptions { TruncationSide = TokenSide.Left }, truncate: true).Ids);
        Assert.Equal(start, left.Fill(new Tokens(1, 8), s_first[2..], options: new EncodeOptions { Truncation = TokenTruncation.LongestFirst }).Ids);
        var row = new Tokens(1, 8);
        left.FillRow(row, 0, s_first[2], truncate: true);
        Assert.Equal(end, row.Ids);
    }

    [Fact]
    public void A_batch_that_is_used_again_keeps_nothing()
    {
        var batch = s_tokenizer.Fill(new Tokens(3, 20), s_first, s_second, truncate: true);
        Assert.Contains(1, batch.Segments!);
        s_tokenizer.Fill(batch, ["a", "b", "c"]);
        Assert.Null(batch.Segments);
        Assert.Equal(s_tokenizer.Fill(new Tokens(3, 20), ["a", "b", "c"]).Ids, batch.Ids);
        Assert.Equal(9, batch.Mask.Sum());
    }

    [Fact]
    public void What_does_not_fit_is_said()
    {
        Assert.Contains("3 texts for a batch of 2 rows", Assert.Throws<ArgumentException>(() => s_tokenizer.Fill(new Tokens(2, 20), s_first)).Message);
        var count = s_tokenizer.CountTokens(s_first[2]);
        Assert.Equal($"Text 2, \"You are all resolved rather to die than ...\", has {count} tokens; legal is up to the batch's 8, or a truncation (truncate: true).",
            Assert.Throws<ArgumentException>(() => s_tokenizer.Fill(new Tokens(3, 8), s_first)).Message);
        Assert.Contains("The text of row 1, \"You are", Assert.Throws<ArgumentException>(() => s_tokenizer.FillRow(new Tokens(3, 8), 1, s_first[2])).Message);
        Assert.Contains("3 first and 2 second", Assert.Throws<ArgumentException>(() => s_tokenizer.Fill(new Tokens(3, 8), s_first, s_second[..2])).Message);
        Assert.Contains("no room for their 2 special tokens", Assert.Throws<ArgumentException>(() => s_tokenizer.Fill(new Tokens(3, 1), s_first, truncate: true)).Message);
        Assert.Contains("legal are 0 to 99", Assert.Throws<ArgumentException>(() => s_tokenizer.Fill(new Tokens(3, 20, vocabulary: 100), s_first)).Message);
        Assert.Contains("no padding token", Assert.Throws<ArgumentException>(() => Tokenizer.Load(Path.Combine(GoldenFolder.Path, "characters")).Fill(new Tokens(1, 8), ["a"])).Message);
    }

    [Fact]
    public void Batches_are_as_long_as_their_longest_text()
    {
        Assert.Equal(s_tokenizer.CountTokens(s_first[2]), s_tokenizer.LengthOf(s_first, 512));
        Assert.Equal(7, s_tokenizer.LengthOf(s_first, 7));
    }

    [Fact]
    public void A_text_stands_behind_what_a_row_begins_with()
    {
        var (plain, behind) = (new Tokens(3, 20), new Tokens(3, 23, prefix: 3));
        s_tokenizer.Fill(plain, s_first);
        s_tokenizer.Fill(behind, s_first);
        for (var row = 0; row < 3; row++)
        {
            Assert.Equal([0, 0, 0, .. plain.Ids[(row * 20)..((row + 1) * 20)]], behind.Ids[(row * 23)..((row + 1) * 23)]);
            Assert.Equal([1, 1, 1, .. plain.Mask[(row * 20)..((row + 1) * 20)]], behind.Mask[(row * 23)..((row + 1) * 23)]);
            Assert.Equal([-1, -1, 0], behind.NewTargets()[(row * 23)..((row * 23) + 3)]);
        }

        behind.Mask[1] = 0;
        Assert.Contains("hides a token of the picture in row 0: the first 3", Assert.Throws<ArgumentException>(behind.Check).Message);
        Assert.Contains("A row has 4 to 64 tokens", Assert.Throws<ArgumentOutOfRangeException>(() => new Tokens(1, 3, prefix: 3)).Message);
    }

    private sealed class Tokens(int count, int length, int vocabulary = 600, int prefix = 0) : TokenBatch(count, length, vocabulary, 64, prefix);
}
