using System.Text;
using CsCheck;
using ModelCompiler.Testing;

namespace ModelCompiler.Data.Tests;

/// <summary>What holds for every text.</summary>
public sealed class TokenizerPropertyTests
{
    private static readonly Gen<string> s_text = AnyText.Gen;

    // One character many times, so that words are longer than what is scanned or kept.
    private static readonly Gen<string> s_runs = Gen.Select(Gen.Int[0, 0x10FFFF].Where(Rune.IsValid), Gen.Int[1, 300]).Select(static (value, count) => string.Concat(Enumerable.Repeat(new Rune(value).ToString(), count)))
        .Array[1, 3].Select(static runs => string.Join(' ', runs));

    private static readonly Tokenizer s_bytes = Tokenizer.Load(Path.Combine(GoldenFolder.Path, "trained-bytes"));

    public static TheoryData<string> All => ["characters", "trained-bytes", "trained-mixed", "trained-suffix", "trained-wordpiece", "trained-words", "unigram"];

    [Fact]
    public void Byte_level_tokens_give_back_any_text() => s_text.Sample(static text => Assert.Equal(text, s_bytes.Decode(s_bytes.EncodeToIds(text), skipSpecialTokens: false)));

    public static TheoryData<string> PublishedBytes => ["gpt2", "roberta"];

    // 50,000 merges meet what 256 do not.
    [Theory]
    [MemberData(nameof(PublishedBytes))]
    public void Published_byte_level_tokens_give_back_any_text(string name)
    {
        var tokenizer = LoadPublished(name);
        s_text.Sample(text => Assert.Equal(text, tokenizer.Decode(tokenizer.EncodeToIds(text, addSpecialTokens: false), skipSpecialTokens: false)), iter: 5_000);
        s_runs.Sample(text => Assert.Equal(text, tokenizer.Decode(tokenizer.EncodeToIds(text, addSpecialTokens: false), skipSpecialTokens: false)), iter: 500);
    }

    // Of RoBERTa without the spaces that its spans leave out.
    [Theory]
    [MemberData(nameof(PublishedBytes))]
    public void Published_spans_slice_back_to_the_tokens_text(string name)
    {
        var tokenizer = LoadPublished(name);
        Gen.OneOf(s_text, s_runs).Sample(text =>
        {
            var row = tokenizer.Encode(text, addSpecialTokens: false);
            for (var i = 0; i < row.Count; i++)
            {
                var own = tokenizer.Decode([row.Ids[i]], skipSpecialTokens: false);
                if (!own.Contains('\uFFFD'))
                    Assert.Equal(name == "roberta" ? own.Trim(' ') : own, text[row.Spans[i].Start..row.Spans[i].End]);
            }
        }, iter: 2_000);
    }

    // No token crosses from one piece into another, and a piece alone is one piece.
    [Theory]
    [MemberData(nameof(PublishedBytes))]
    public void Pieces_alone_are_pieces_together(string name)
    {
        var tokenizer = LoadPublished(name);
        Gen.OneOf(s_text, s_runs).Where(static t => !t.Contains('<', StringComparison.Ordinal)).Sample(text =>
        {
            var alone = tokenizer.PreTokenizer!.Split(text).SelectMany(p => tokenizer.EncodeToIds(p.Piece, addSpecialTokens: false));
            Assert.Equal(alone, tokenizer.EncodeToIds(text, addSpecialTokens: false));
        }, iter: 2_000);
    }

    [Fact]
    public void Halves_of_surrogate_pairs_are_replacement_characters()
    {
        Assert.Equal(s_bytes.EncodeToIds("a\uFFFDb\uFFFD"), s_bytes.EncodeToIds("a\uD800b\uDC00"));
        Assert.Equal("\uFFFD", s_bytes.Decode(s_bytes.EncodeToIds("\uDBFF")));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Counts_ids_and_rows_agree(string name)
    {
        var tokenizer = Load(name);
        s_text.Sample(text =>
        {
            var row = tokenizer.Encode(text);
            Assert.Equal(row.Ids, tokenizer.EncodeToIds(text));
            Assert.Equal(row.Count, tokenizer.CountTokens(text));
            Assert.False(tokenizer.TryEncode(text, new int[Math.Max(0, row.Count - 1)], out var count) && row.Count > 0);
            Assert.Equal(row.Count, count);
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Spans_lie_in_the_text_and_begin_and_end_with_whole_characters(string name)
    {
        var tokenizer = Load(name);
        s_text.Sample(text =>
        {
            foreach (var span in tokenizer.Encode(text, addSpecialTokens: false).Spans)
            {
                Assert.InRange(span.Start, 0, text.Length);
                Assert.InRange(span.End, span.Start, text.Length);
                Assert.False(IsInside(text, span.Start) || IsInside(text, span.End));
            }
        });
    }

    // Nothing is normalized or put before the text, so that a token's text is where its span says.
    [Fact]
    public void Spans_slice_back_to_the_tokens_text()
    {
        s_text.Sample(static text =>
        {
            var row = s_bytes.Encode(text);
            for (var i = 0; i < row.Count; i++)
            {
                var own = s_bytes.Decode([row.Ids[i]], skipSpecialTokens: false);
                if (!own.Contains('\uFFFD'))
                    Assert.Equal(own, text[row.Spans[i].Start..row.Spans[i].End]);
            }
        });
        var words = Load("trained-wordpiece");
        Gen.String[Gen.Char[" abcdefghij'.,"], 0, 40].Sample(text =>
        {
            var row = words.Encode(text, addSpecialTokens: false);
            for (var i = 0; i < row.Count; i++)
                Assert.Equal(row.Tokens[i].StartsWith("##", StringComparison.Ordinal) ? row.Tokens[i][2..] : row.Tokens[i] == "[UNK]" ? text[row.Spans[i].Start..row.Spans[i].End] : row.Tokens[i], text[row.Spans[i].Start..row.Spans[i].End]);
        });
    }

    // Pieces begin at these places whatever stands before and behind.
    [Theory]
    [InlineData("characters")]
    [InlineData("trained-bytes")]
    [InlineData("trained-suffix")]
    [InlineData("trained-wordpiece")]
    [InlineData("trained-words")]
    public void Lines_alone_are_lines_together(string name)
    {
        var tokenizer = Load(name);
        Gen.String[Gen.Char["abcdeT'.,! "], 1, 20].Array[1, 6].Sample(words =>
        {
            string[] lines = [.. words.Select(static w => "x" + w.Trim() + "y\n")];
            var alone = lines.SelectMany(l => tokenizer.EncodeToIds(l, addSpecialTokens: false));
            Assert.Equal(alone, tokenizer.EncodeToIds(string.Concat(lines), addSpecialTokens: false));
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Saved_and_read_again_a_tokenizer_is_the_same(string name)
    {
        var tokenizer = Load(name);
        var folder = Directory.CreateTempSubdirectory("tokenizer").FullName;
        try
        {
            tokenizer.Save(folder);
            var again = Tokenizer.Load(folder);
            s_text.Sample(text => Assert.Equal(tokenizer.Encode(text).Tokens, again.Encode(text).Tokens), iter: 50);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Threads_share_a_tokenizer()
    {
        string[] texts = [.. Enumerable.Range(0, 400).Select(static i => $"{new string((char)('a' + (i % 26)), i % 40)} and {i} {new Rune(0x1F600 + (i % 60))}")];
        var expected = texts.Select(static t => s_bytes.EncodeToIds(t)).ToArray();
        Parallel.For(0, 8, _ => Assert.Equal(expected, texts.Select(static t => s_bytes.EncodeToIds(t))));
    }

    [Fact]
    public void Encoding_into_a_buffer_allocates_nothing()
    {
        var text = string.Join(' ', Enumerable.Range(0, 200).Select(static i => $"word{i % 50}, thou \u00e9t\u00e9 \u4f60"));
        var ids = new int[4 * text.Length];
        for (var i = 0; i < 3; i++)
            s_bytes.TryEncode(text, ids, out _); // two lists of pieces take turns
        var before = GC.GetAllocatedBytesForCurrentThread();
        s_bytes.TryEncode(text, ids, out _);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256); // code that is not yet optimized boxes a little a call, whatever the text
    }

    private static bool IsInside(string text, int place) => place > 0 && place < text.Length && char.IsLowSurrogate(text[place]) && char.IsHighSurrogate(text[place - 1]);

    private static Tokenizer LoadPublished(string name) => TokenizerFiles.Load(SharedGolden.Find(name), SharedData.Find("vocab"), isPrefixed: false);

    private static Tokenizer Load(string name) => Tokenizer.Load(Path.Combine(GoldenFolder.Path, name));
}
