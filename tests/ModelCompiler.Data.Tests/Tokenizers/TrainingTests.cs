using System.Text.Json.Nodes;
using CsCheck;
using ModelCompiler.Testing;

namespace ModelCompiler.Data.Tests;

/// <summary>Trained vocabularies are the reference's, token by token and merge by merge.</summary>
public sealed class TrainingTests
{
    public static TheoryData<string> Trained => ["trained-bytes", "trained-mixed", "trained-suffix", "trained-wordpiece", "trained-words", "characters"];

    [Theory]
    [MemberData(nameof(Trained))]
    public void Vocabularies_are_the_references(string name) =>
        Compare(name, TrainedTokenizers.Train(Path.Combine(GoldenFolder.Path, name), SharedData.Find("text")));

    [Fact]
    public void Other_vocabularies_and_merges_are_told()
    {
        Tokenizer first = Tokenizer.Load(Path.Combine(GoldenFolder.Path, "trained-bytes")), second = Tokenizer.Load(Path.Combine(GoldenFolder.Path, "trained-mixed"));
        Assert.Equal("token 0 is '0: <|endoftext|>' instead of '0: <s>'", TrainedTokenizers.Difference(first, second));
        var model = (BytePairModel)first.Model;
        Assert.StartsWith("merge 0 is '", TrainedTokenizers.Difference(new Tokenizer(new BytePairModel(model.Vocabulary, model.Merges.Reverse())), first), StringComparison.Ordinal);
        Assert.Null(TrainedTokenizers.Difference(first, first));
    }

    [Fact]
    public void Bytes_that_were_not_seen_can_be_left_out()
    {
        var tokenizer = TokenizerTraining.ByteLevel(["abab\n"], new() { Size = 5 }, allBytes: false);
        Assert.Equal(["a", "b", "\u010a", "ab", "abab"], tokenizer.Vocabulary.Entries.Select(static t => t.Key));
        Assert.Equal("ab", tokenizer.Decode(tokenizer.EncodeToIds("axb")));
    }

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

    // Across the ends of what is read at once; another encoding would be trained on as replacement characters.
    [Fact]
    public void Lines_are_read_as_they_are_and_what_is_no_UTF_8_is_told_with_its_number()
    {
        var path = Path.GetTempFileName();
        try
        {
            string[] lines = ["\uFEFFa\r\n", new string('\u4f60', 70_000) + "\n", "\n", "\u2028b"];
            File.WriteAllText(path, string.Concat(lines));
            Assert.Equal(["a\r\n", .. lines[1..]], TokenizerTraining.ReadLines(path));
            File.WriteAllBytes(path, [0x61, 0x0A, 0x62, 0xE9, 0x0A]);
            Assert.Equal($"{path}, line 2: no UTF-8 at byte 1.", Assert.Throws<InvalidDataException>(() => TokenizerTraining.ReadLines(path).Count()).Message);
        }
        finally
        {
            File.Delete(path);
        }
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
