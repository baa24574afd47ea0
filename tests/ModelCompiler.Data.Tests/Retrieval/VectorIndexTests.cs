using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Data.Tests.Retrieval;

public sealed class VectorIndexTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("index").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(5_000, 17, 10)]
    [InlineData(3, 4, 10)]
    [InlineData(0, 4, 1)]
    [InlineData(9, 4, int.MaxValue)]
    public void A_search_is_a_sort_of_all_scores_in_memory_and_from_a_file(int count, int width, int k)
    {
        // Few different numbers, so that scores tie and the order of ties shows.
        var random = new Random(1);
        float[] vectors = [.. Enumerable.Range(0, count * width).Select(_ => (float)random.Next(-1, 2))], query = [.. Enumerable.Range(0, width).Select(_ => (float)random.Next(-1, 2))];
        string[] names = [.. Enumerable.Range(0, count).Select(static i => $"picture {i} ü")];
        var expected = Enumerable.Range(0, count).Select(i => new Neighbor(i, Enumerable.Range(0, width).Sum(c => vectors[(i * width) + c] * query[c]), names[i]))
            .OrderByDescending(static m => m.Score).ThenBy(static m => m.Number).Take(k).ToArray();
        using var memory = new VectorIndex(vectors, width, names);
        Assert.Equal(expected, memory.Search(query, k));
        var path = Path.Combine(_folder, "pictures.safetensors");
        memory.Save(path);
        using var file = VectorIndex.Open(path);
        Assert.Equal((count, width), (file.Count, file.Width));
        Assert.Equal(names, file.Names);
        Assert.Equal(expected, file.Search(query, k));
    }

    [Fact]
    public void An_index_without_names_stays_without()
    {
        var path = Path.Combine(_folder, "index.safetensors");
        new VectorIndex(new float[] { 1, 0, 0, 1 }, 2).Save(path);
        using var index = VectorIndex.Open(path);
        Assert.Null(index.Names);
        Assert.Equal([new Neighbor(1, 2, null)], index.Search(new float[] { 1, 2 }, 1));
    }

    [Fact]
    public void What_is_no_number_is_never_found() =>
        Assert.Equal([0], new VectorIndex(new[] { 1f, float.NaN }, 1).Search(new float[] { 1 }, 2).Select(static m => m.Number));

    [Fact]
    public void What_is_no_good_is_named()
    {
        var index = new VectorIndex(new float[6], 3);
        Assert.Contains("The query has 2 numbers; vectors have 3", Assert.Throws<ArgumentException>(() => index.Search(new float[2], 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search(new float[3], 0));
        Assert.Contains("no rows of 4", Assert.Throws<ArgumentException>(() => new VectorIndex(new float[6], 4)).Message, StringComparison.Ordinal);
        Assert.Contains("1 names for 2 vectors", Assert.Throws<ArgumentException>(() => new VectorIndex(new float[6], 3, ["a"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vectors", new[] { 6 }, "{}", "F32 [count, width]")]
    [InlineData("weights", new[] { 2, 3 }, "{}", "no tensor 'vectors'")]
    [InlineData("vectors", new[] { 2, 3 }, """["a"]""", "1 names for 2 vectors")]
    [InlineData("vectors", new[] { 2, 3 }, """["a", null]""", "names for 2 vectors")]
    [InlineData("vectors", new[] { 2, 3 }, """{"a": 1}""", "no list of texts")]
    public void A_file_that_is_no_index_is_an_error(string tensor, int[] shape, string names, string says)
    {
        var path = Path.Combine(_folder, "other.safetensors");
        SafetensorsWriter.Write(path, [new TensorToWrite(tensor, shape, static () => new float[6])], names == "{}" ? null : new Dictionary<string, string> { ["names"] = names });
        Assert.Contains(says, Assert.Throws<CheckpointException>(() => VectorIndex.Open(path)).Message, StringComparison.Ordinal);
        File.Delete(path);
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_an_error()
    {
        var path = Path.Combine(_folder, "index.safetensors");
        new VectorIndex(new float[6], 3, ["a", "b"]).Save(path);
        var bytes = File.ReadAllBytes(path);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.Throws<CheckpointException>(() => VectorIndex.Open(path));
        }
    }

    [Fact]
    public void A_class_is_the_mean_direction_of_its_sentences()
    {
        // Letters as vectors: what a sentence says is how many it has of each.
        static ReadOnlyMemory<float> Encode(IReadOnlyList<string> sentences) =>
            sentences.SelectMany(static s => "catdogx ".Select(letter => (float)s.Count(c => c == letter))).ToArray();
        var zeroShot = new ZeroShot(["cat", "dog"], ["a {}", "{}{}"], Encode);
        Assert.Equal((2, 8), (zeroShot.Classes.Count, zeroShot.Width));
        Assert.Equal(0, zeroShot.Classify(Encode(["cat"]).Span));
        Assert.Equal(1, zeroShot.Classify(Encode(["dog x"]).Span));
        // "a cat" has a twice and a blank: (1, 2, 1, 0, 0, 0, 0, 1) / sqrt 7; "catcat" (1, 1, 1) / sqrt 3.
        var (first, second) = (1 / Math.Sqrt(7), 1 / Math.Sqrt(3));
        double[] sum = [first + second, (2 * first) + second, first + second, first];
        Assert.Equal(sum[1] / Math.Sqrt(sum.Sum(static x => x * x)), zeroShot.Scores(Encode(["a"]).Span)[0], 1e-6);
        Assert.Contains("'a dog' has no {}", Assert.Throws<ArgumentException>(() => new ZeroShot(["cat"], ["a dog"], Encode)).Message, StringComparison.Ordinal);
        Assert.Contains("Vectors of 'b' have 2 numbers", Assert.Throws<ArgumentException>(() => new ZeroShot(["a", "b"], ["{}"], static s => new float[s[0] == "a" ? 1 : 2])).Message, StringComparison.Ordinal);
        Assert.Contains("have 8", Assert.Throws<ArgumentException>(() => zeroShot.Classify(new float[3])).Message, StringComparison.Ordinal);
    }
}
