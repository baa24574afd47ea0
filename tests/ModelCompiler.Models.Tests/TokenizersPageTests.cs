using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Testing;

namespace ModelCompiler.Models.Tests;

/// <summary>The examples of docs/tokenizers.md compile and run: they are this file's, line by line.</summary>
public sealed class TokenizersPageTests : IDisposable
{
    private static readonly string s_folder = Path.Combine(Folders.Root, "tests", "Golden", "tokenizers", "trained-wordpiece");
    private static readonly string[] s_page = File.ReadAllLines(Path.Combine(Folders.Root, "docs", "tokenizers.md"));

    private readonly string _output = Directory.CreateTempSubdirectory("tokenizer").FullName;

    public void Dispose() => Directory.Delete(_output, recursive: true);

    [Fact]
    public void Text_becomes_tokens_and_text_again()
    {
        var (folder, Console) = (s_folder, new Lines());

        Tokenizer tokenizer = Tokenizer.Load(folder);                       // tokenizer.json; else vocab.txt; else vocab.json and merges.txt; else CLIP's merges
        int[] ids = tokenizer.EncodeToIds("Speak, the king!");              // with the special tokens of the template
        string text = tokenizer.Decode(ids);                                // without them
        int count = tokenizer.CountTokens("Speak, the king!");

        var buffer = new int[64];                                           // nothing is allocated for texts of a length seen before
        bool fits = tokenizer.TryEncode("Speak, the king!", buffer, out int length);

        EncodedText row = tokenizer.Encode("First text.", pair: "Second text.");
        Console.WriteLine(string.Join(' ', row.Tokens));                    // [CLS] first t ##e ##x ##t . [SEP] second t ##e ##x ##t . [SEP]
        Console.WriteLine("First text."[row.Spans[1].Start..row.Spans[1].End]);   // First: where a token stands in its text, in UTF-16 units

        Assert.Equal("speak, the king!", text);
        Assert.Equal((ids.Length, ids.Length, true), (count, length, fits));
        Assert.Equal(ids, buffer[..length]);
        Assert.Equal([s_page.Single(static l => l.StartsWith("Console.WriteLine(string.Join(' ', row", StringComparison.Ordinal)).Split("// ")[1], "First"], Console.All);
    }

    [Fact]
    public void Models_take_their_batches_and_rows_are_cut()
    {
        var tokenizer = Tokenizer.Load(s_folder);
        string[] texts = ["b c d", "e f g h i j k l m n o p q r s t"], pairs = ["u", "v"];

        var batch = new CaptionBert.Tokens(texts.Length, tokenizer.LengthOf(texts, most: 24));   // the model's own token type
        tokenizer.Fill(batch, texts);                                                          // ids and mask; segments too where there are pairs

        Assert.Equal(18, batch.Length);
        Assert.Equal([2, 17, 18, 19, 3, 0], batch.Ids[..6]);
        Assert.Equal(5 + 18, batch.Mask.Sum());

        EncodedBatch rows = tokenizer.EncodeBatch(texts, pairs, new EncodeOptions
        {
            Truncation = TokenTruncation.LongestFirst,
            MaxLength = 16,
            Padding = TokenPadding.MaxLength,
            KeepsOverflow = true,                                           // what is cut off makes rows of its own,
            Stride = 2,                                                     // which begin with two tokens of the row before
        });

        Assert.Equal([0, 1, 1], rows.Samples);
        Assert.All(rows.Rows, static r => Assert.Equal(16, r.Count));
    }

    [Fact]
    public void A_tokenizer_is_loaded_for_a_model()
    {
        var folder = _output;
        new Tokenizer(new WordLevelModel(new Vocabulary(["none", "?", "a", "b"])) { UnknownToken = "?" }) { PreTokenizer = new WhitespaceSplit() }.Save(folder);

        TextTokenizer<CaptionBert.Tokens> captions = TextTokenizer.Load<CaptionBert.Tokens>(folder);   // without a path: what the model names
        CaptionBert.Tokens inputs = captions.Batch(["a b", "a b c"]);                                 // as long as the longest

        Assert.Equal((2, 3), (inputs.Count, inputs.Length));
        Assert.Equal([2, 3, 0, 2, 3, 1], inputs.Ids);
        Assert.Equal([1, 1, 0, 1, 1, 1], inputs.Mask);
    }

    [Fact]
    public void Vocabularies_are_trained_and_saved()
    {
        var (file, output) = (Path.Combine(_output, "text.txt"), _output);
        File.WriteAllText(file, string.Concat(Enumerable.Repeat("the king and the queen\n", 3)));

        Tokenizer trained = TokenizerTraining.ByteLevel(
            TokenizerTraining.ReadLines(file), new VocabularyTraining { Size = 300, MinFrequency = 2, SpecialTokens = ["<|endoftext|>"] });
        trained.Save(output);                                               // tokenizer.json, and vocab.json and merges.txt

        Assert.Equal("the king<|endoftext|>", Tokenizer.Load(output).Decode(trained.EncodeToIds("the king<|endoftext|>"), skipSpecialTokens: false));
        Assert.Equal("\u0120king", trained.Encode("the king").Tokens[^1]);
        Assert.True(File.Exists(Path.Combine(output, "merges.txt")));
    }

    [Fact]
    public void Parts_make_a_tokenizer()
    {
        var Console = new Lines();

        var letters = new Tokenizer(new WordLevelModel(new Vocabulary(["?", "a", "b"])) { UnknownToken = "?" })
        {
            Normalizer = new LowercaseNormalizer(),
            PreTokenizer = new SplitPreTokenizer(TextPattern.OfExpression(@"[\s\S]"), SplitBehavior.Isolated),
            Decoder = new FuseDecoder(),
        };
        Console.WriteLine(letters.Decode(letters.EncodeToIds("Abc")));      // ab?

        Assert.Equal(["ab?"], Console.All);
    }

    [Fact]
    public void The_page_shows_what_is_tested()
    {
        var source = File.ReadAllText(Path.Combine(Folders.Root, "tests", "ModelCompiler.Models.Tests", "TokenizersPageTests.cs"));
        var examples = string.Join('\n', s_page).Split("```csharp\n").Skip(1).Select(static e => e.Split("```")[0]).ToArray();
        Assert.Equal(6, examples.Length);
        Assert.All(examples, e => Assert.Contains(string.Concat(e.TrimEnd('\n').Split('\n').Select(static l => (l.Length > 0 ? "        " : "") + l + "\n")), source));
    }

    [Fact]
    public void The_page_names_every_part()
    {
        var page = string.Join('\n', s_page);
        var parts = typeof(Tokenizer).Assembly.GetTypes().Where(static t => t is { IsPublic: true, IsAbstract: false }
            && new[] { typeof(TextNormalizer), typeof(PreTokenizer), typeof(TokenModel), typeof(PostProcessor), typeof(TokenDecoder) }.Any(t.IsSubclassOf)).ToArray();
        Assert.Equal(31, parts.Length);
        Assert.All(parts, part => Assert.Contains($"`{part.Name}`", page));
    }

    private sealed class Lines
    {
        public List<string> All { get; } = [];

        public void WriteLine(string line) => All.Add(line);
    }
}
