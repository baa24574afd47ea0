using System.IO.Compression;

namespace ModelCompiler.Data.Tests.DataSets;

/// <summary>Text into sentences, sentences into pairs.</summary>
public sealed class SentenceTests
{
    private static DataRow Row(long epoch, long record = 0) => new(0, new Draw(epoch, record), 1, 1_000);

    [Fact]
    public void Sentences_end_where_a_reader_would_end_them()
    {
        Assert.Equal(
            ["One two.", "Is it?", "“Yes!”", "said Mr. Brown of St. Ives.", "J. Smith was e.g. there...", "CHAPTER I", "Next: 3.5 of them", "_End._"],
            Sentences.Split("One\ntwo.  Is it? “Yes!”\n\nsaid Mr. Brown of St. Ives.\r\nJ. Smith was e.g. there...\n\nCHAPTER I\n \t\n* * *\n\nNext: 3.5 of them\n\n_End._"));
        Assert.Equal(["“No!” he said."], Sentences.Split("“No!” he said."));
        Assert.Empty(Sentences.Split(" \n\n . \n"));
    }

    [Fact]
    public void Half_of_the_pairs_follow_each_other()
    {
        var documents = Enumerable.Range(0, 4).Select(static d => (IReadOnlyList<string>)[.. Enumerable.Range(0, 5 + d).Select(s => $"{d}.{s}")]).ToArray();
        var pairs = new SentencePairs(documents);
        Assert.Equal(4 + 5 + 6 + 7, pairs.Count);
        Assert.Equal([4, 5, 6, 7], pairs.Parts);
        Assert.Equal("document 1, sentence 0", pairs.NameOf(4));
        var (follow, seconds) = (0, new HashSet<string>());
        for (var epoch = 0; epoch < 4_000; epoch++)
        {
            var pair = pairs.Read(5).Pair(Row(epoch, 5));
            Assert.Equal("1.1", pair.First);
            Assert.Equal(pair.IsNext, pair.Second == "1.2");
            Assert.True(pair.IsNext || pair.Second[0] != '1'); // of another document
            follow += pair.IsNext ? 1 : 0;
            seconds.Add(pair.Second);
        }

        Assert.InRange(follow, 1_880, 2_120);
        Assert.Equal(1 + 5 + 7 + 8, seconds.Count);
        Assert.Equal(pairs.Read(5).Pair(Row(7, 5)), pairs.Read(5).Pair(Row(7, 5)));
    }

    [Fact]
    public void One_document_gives_any_sentence_but_the_one_that_follows()
    {
        var pairs = new SentencePairs(["a", "b", "c", "d"]);
        var drawn = Enumerable.Range(0, 200).Select(e => pairs.Read(1).Pair(Row(e, 1))).ToArray();
        Assert.Equal(["a", "b", "d"], drawn.Where(static p => !p.IsNext).Select(static p => p.Second).Distinct().Order(StringComparer.Ordinal));
        Assert.All(drawn.Where(static p => p.IsNext), static p => Assert.Equal("c", p.Second));
        Assert.Throws<ArgumentException>(static () => new SentencePairs(["a"], ["b"], ["c"]));
        Assert.Throws<ArgumentException>(static () => new SentencePairs(["a", "b"]));
    }

    [Fact]
    public void Real_text()
    {
        using var packed = new GZipStream(File.OpenRead(SharedData.Find("text/english.txt.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(packed);
        var sentences = Sentences.Split(reader.ReadToEnd());
        Assert.InRange(sentences.Count, 20_000, 35_000);
        Assert.InRange(sentences.Average(static s => s.Length), 70, 150);
        Assert.DoesNotContain(sentences, static s => s.EndsWith(" Mr.", StringComparison.Ordinal));
    }
}
