using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace ModelCompiler.Data.Tests;

/// <summary>Trained vocabularies are the reference's, token by token and merge by merge.</summary>
public sealed class TrainingTests
{
    [Fact]
    public void Bytes_by_pairs_of_Shakespeare() => Compare("trained-bytes", TokenizerTraining.ByteLevel(
        Shakespeare, new() { Size = 512, MinFrequency = 2, SpecialTokens = ["<|endoftext|>"] }));

    [Fact]
    public void Bytes_by_pairs_of_English_and_Chinese() => Compare("trained-mixed", TokenizerTraining.ByteLevel(
        [.. Head(English, 300_000), .. Head(Chinese, 100_000)], new() { Size = 1_000, SpecialTokens = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"] }, addPrefixSpace: true, trimOffsets: true));

    [Fact]
    public void Characters_by_pairs_with_the_end_of_their_word() => Compare("trained-suffix", TokenizerTraining.BytePairs(
        Shakespeare, new() { Size = 700, MinFrequency = 2, SpecialTokens = ["<unk>", "<pad>"] }, new LowercaseNormalizer()));

    [Fact]
    public void WordPiece_of_Shakespeare() => Compare("trained-wordpiece", TokenizerTraining.WordPiece(Shakespeare, new() { Size = 600, MinFrequency = 2 }));

    [Fact]
    public void Words_of_Shakespeare() => Compare("trained-words", TokenizerTraining.Words(
        Shakespeare, new() { Size = 1_500, MinFrequency = 2, SpecialTokens = ["[PAD]", "[UNK]"] },
        new NormalizerSequence(new UnicodeNormalizer(NormalizationForm.FormC), new LowercaseNormalizer())));

    [Fact]
    public void Characters_of_Shakespeare() => Compare("characters", Tokenizers.Characters(new CharacterVocabulary(string.Concat(Shakespeare)), "<unk>"));

    // A trainer of a page that counts everything anew for each merge.
    [Fact]
    public void Any_words_train_as_the_rule_says() => Gen.Select(Gen.String[Gen.Char['a', 'c'], 1, 9].Array[1, 12], Gen.Int[1, 4].Array[12]).Sample((words, counts) =>
    {
        var trainer = new PairTrainer(["a", "b", "c"], "");
        foreach (var (word, count) in words.Zip(counts))
            trainer.Add(Letters.Of(word, "", ""), count);
        trainer.Run(40, 2);
        var (tokens, merges) = PlainTrainer.Run([.. words.Zip(counts)], 40, 2);
        Assert.Equal(merges, trainer.Merges);
        Assert.Equal(tokens, trainer.Tokens);
    });

    [Fact]
    public void Threads_do_not_change_a_vocabulary()
    {
        string[] texts = [.. Enumerable.Range(0, 2_000).Select(static i => $"line {i * 7919 % 613} of {i % 17} words\n")];
        var one = TokenizerTraining.ByteLevel(texts, new() { Size = 400, Threads = 1 });
        var four = TokenizerTraining.ByteLevel(texts, new() { Size = 400, Threads = 4 });
        Assert.Equal(one.Vocabulary.Entries, four.Vocabulary.Entries);
    }

    private static string[] Shakespeare => [.. TokenizerTraining.ReadLines(SharedData.Find("text/tinyshakespeare.txt"))];

    private static string English
    {
        get
        {
            using var unpacked = new StreamReader(new GZipStream(File.OpenRead(SharedData.Find("text/english.txt.gz")), CompressionMode.Decompress), new UTF8Encoding(false));
            return unpacked.ReadToEnd();
        }
    }

    private static string Chinese => File.ReadAllText(SharedData.Find("text/chinese.txt"));

    // The first characters, up to the last line feed among them.
    private static IEnumerable<string> Head(string text, int characters)
    {
        var head = string.Concat(text.EnumerateRunes().Take(characters));
        return TokenizerTraining.Lines(head[..(head.LastIndexOf('\n') + 1)]);
    }

    private static void Compare(string name, Tokenizer trained)
    {
        var folder = Directory.CreateTempSubdirectory("tokenizer").FullName;
        try
        {
            trained.Save(folder);
            var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(GoldenFolder.Path, name, "tokenizer.json")))!;
            var found = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "tokenizer.json")))!;
            foreach (var part in expected.AsObject())
                Assert.True(JsonNode.DeepEquals(part.Value, found[part.Key]), $"{part.Key} differs");
            foreach (var file in Directory.EnumerateFiles(Path.Combine(GoldenFolder.Path, name)).Select(static f => Path.GetFileName(f)).Where(static f => f is "vocab.txt" or "merges.txt"))
                Assert.Equal(File.ReadAllText(Path.Combine(GoldenFolder.Path, name, file)), File.ReadAllText(Path.Combine(folder, file)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
