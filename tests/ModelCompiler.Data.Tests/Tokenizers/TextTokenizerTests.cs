using ModelCompiler.Runtime;

namespace ModelCompiler.Data.Tests;

/// <summary>A tokenizer that is loaded for a model fits it, and gives its typed batches.</summary>
public sealed class TextTokenizerTests : IDisposable
{
    private static readonly string s_folder = Path.Combine(GoldenFolder.Path, "trained-wordpiece");
    private static readonly string s_beside = Path.Combine(AppContext.BaseDirectory, "named");

    public TextTokenizerTests() => Directory.CreateDirectory(s_beside);

    public void Dispose() => Directory.Delete(s_beside, recursive: true);

    [Fact]
    public void Batches_are_what_fill_gives()
    {
        var tokenizer = TextTokenizer.Load<Fitting>(s_folder);
        string[] texts = ["Speak, speak.", "You are all resolved rather to die than to famish?"], pairs = ["Resolved.", "We know't, we know't."];
        var single = tokenizer.Batch(texts);
        Assert.Equal(tokenizer.Tokenizer.LengthOf(texts, 24), single.Length);
        Assert.Equal(tokenizer.Tokenizer.Fill(new Fitting(2, single.Length), texts).Ids, single.Ids);
        Assert.Equal(tokenizer.Tokenizer.Fill(new Fitting(2, single.Length), texts).Mask, single.Mask);
        Assert.Null(single.Segments);
        var both = tokenizer.Batch(texts, pairs, truncate: true);
        Assert.Equal(24, both.Length);
        Assert.Equal(tokenizer.Tokenizer.Fill(new Fitting(2, 24), texts, pairs, truncate: true).Segments, both.Segments);
    }

    [Fact]
    public void Batches_are_cut_at_the_end_that_the_folder_names()
    {
        File.Copy(Path.Combine(s_folder, "tokenizer.json"), Path.Combine(s_beside, "tokenizer.json"));
        File.WriteAllText(Path.Combine(s_beside, "tokenizer_config.json"), """{"truncation_side": "left"}""");
        string[] texts = [string.Join(' ', Enumerable.Repeat("Speak, speak. Resolved.", 9))];
        var whole = Tokenizer.Load(s_folder).EncodeToIds(texts[0]);
        Assert.Equal([whole[0], .. whole[^23..]], TextTokenizer.Load<Fitting>(s_beside).Batch(texts, truncate: true).Ids);
        Assert.Equal([.. whole[..23], whole[^1]], TextTokenizer.Load<Fitting>(s_folder).Batch(texts, truncate: true).Ids);
        Assert.Equal($"Text 0, \"{texts[0][..40]}...\", has {whole.Length} tokens; legal is up to the model's 24, or a truncation (truncate: true).",
            Assert.Throws<ArgumentException>(() => TextTokenizer.Load<Fitting>(s_folder).Batch(texts)).Message);
        Assert.Contains("up to the model's 24", Assert.Throws<ArgumentException>(() => TextTokenizer.Load<Fitting>(s_folder).Prompts(texts)).Message);
    }

    [Fact]
    public void Rows_of_one_length_need_no_padding_token()
    {
        var tokenizer = TextTokenizer.Load<Unpadded>(Path.Combine(GoldenFolder.Path, "trained-bytes"));
        Assert.Null(tokenizer.Tokenizer.PadToken);
        Assert.Equal([1, 1], tokenizer.Batch(["a", "b"]).Mask);
        Assert.Contains("Text 0 has 1 tokens and the longest 2", Assert.Throws<ArgumentException>(() => tokenizer.Batch(["a", "a?"])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Batch([]));
    }

    [Fact]
    public void Prompts_end_where_what_is_said_begins()
    {
        var tokenizer = TextTokenizer.Load<Fitting>(s_folder);
        string[] texts = ["Speak, speak.", "You are all resolved rather to die than to famish?"];
        var batch = tokenizer.Batch(texts);
        var prompts = tokenizer.Prompts(texts);
        var count = batch.Mask.AsSpan(0, batch.Length).Count(1);
        Assert.True(count < batch.Length);
        Assert.Equal([.. new int[batch.Length - count], .. batch.Ids[..count], .. batch.Ids[batch.Length..]], prompts.Ids);
        Assert.Equal([.. new int[batch.Length - count], .. Enumerable.Repeat(1, count + batch.Length)], prompts.Mask);
        Assert.Equal(batch.Ids[1..(count - 1)], tokenizer.Prompts(texts[..1], addSpecialTokens: false).Ids);
        Assert.Equal(prompts.Ids[^4..^1], tokenizer.Prompts(texts[1..], addSpecialTokens: false, room: 21, truncate: true).Ids); // the end is kept
        Assert.Contains("legal are 0 to 23", Assert.Throws<ArgumentException>(() => tokenizer.Prompts(texts, room: 24)).Message);
        Assert.Equal([0, 1, 1, 1], TextTokenizer.Load<Unpadded>(Path.Combine(GoldenFolder.Path, "trained-bytes")).Prompts(["a", "a?"]).Mask); // without a padding token
    }

    [Fact]
    public void The_file_that_the_model_names_is_beside_the_program()
    {
        File.Copy(Path.Combine(s_folder, "vocab.txt"), Path.Combine(s_beside, "vocab.txt"));
        Assert.Equal(Tokenizer.Load(s_beside).Vocabulary.Size, TextTokenizer.Load<Fitting>().Tokenizer.Vocabulary.Size);
    }

    // Beside a tokenizer.json, which a folder's name means, the older files have their own names.
    [Theory]
    [InlineData("trained-wordpiece", "vocab.txt")]
    [InlineData("trained-bytes", "vocab.json")]
    public void Older_files_load_by_their_own_names(string folder, string file) =>
        Assert.Equal(Tokenizer.Load(Path.Combine(GoldenFolder.Path, folder)).Vocabulary.Size, Tokenizer.Load(Path.Combine(GoldenFolder.Path, folder, file)).Vocabulary.Size);

    [Fact]
    public void What_does_not_fit_is_said()
    {
        var size = Tokenizer.Load(s_folder).Vocabulary.Size;
        Assert.Equal($"{s_folder}: the tokenizer has ids up to {size - 1}, and the model's table 64 rows; legal is a tokenizer of at most as many.",
            Assert.Throws<InvalidDataException>(static () => TextTokenizer.Load<Small>(s_folder)).Message);
        Assert.Equal($"{s_folder}: the tokenizer pads with '[PAD]', id 0, and the model with id 7; legal is the same.", Assert.Throws<InvalidDataException>(static () => TextTokenizer.Load<Padded>(s_folder)).Message);
        Assert.Contains("names no tokenizer", Assert.Throws<ArgumentException>(static () => TextTokenizer.Load<Small>()).Message);
        Assert.Contains("named", Assert.Throws<FileNotFoundException>(static () => TextTokenizer.Load<Fitting>()).Message);
    }

    private sealed class Fitting(int count, int length) : TokenBatch(count, length, 600, 24), ITokenBatch<Fitting>
    {
        public static TokenFacts Facts { get; } = new(600, 24, PaddingToken: 0, Tokenizer: "named/vocab.txt");

        public static Fitting Create(int count, int length) => new(count, length);
    }

    private sealed class Small(int count, int length) : TokenBatch(count, length, 64, 24), ITokenBatch<Small>
    {
        public static TokenFacts Facts { get; } = new(64, 24, PaddingToken: -1, Tokenizer: "");

        public static Small Create(int count, int length) => new(count, length);
    }

    private sealed class Unpadded(int count, int length) : TokenBatch(count, length, 600, 24), ITokenBatch<Unpadded>
    {
        public static TokenFacts Facts { get; } = new(600, 24, PaddingToken: -1, Tokenizer: "");

        public static Unpadded Create(int count, int length) => new(count, length);
    }

    private sealed class Padded(int count, int length) : TokenBatch(count, length, 600, 24), ITokenBatch<Padded>
    {
        public static TokenFacts Facts { get; } = new(600, 24, PaddingToken: 7, Tokenizer: "");

        public static Padded Create(int count, int length) => new(count, length);
    }
}
