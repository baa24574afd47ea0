using Microsoft.Extensions.AI;
using ModelCompiler.Extensions.AI;

namespace ModelCompiler.Data.Tests.Retrieval;

public sealed class EmbeddingGeneratorTests
{
    private static ReadOnlyMemory<float> Lengths(IReadOnlyList<string> texts) => texts.SelectMany(static t => new float[] { t.Length, t.Count(char.IsUpper) }).ToArray();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(32)]
    public async Task Vectors_come_in_the_order_of_the_inputs_whatever_the_batch(int batch)
    {
        var batches = new List<int>();
        using IEmbeddingGenerator<string, Embedding<float>> generator = new EmbeddingGenerator<string>(texts =>
        {
            batches.Add(texts.Count);
            return Lengths(texts);
        }, 2, "lengths", batch);
        var embeddings = await generator.GenerateAsync(["a", "Bcd", "EF"]);
        float[][] expected = [[1, 0], [3, 1], [2, 2]];
        Assert.Equal(expected, embeddings.Select(static e => e.Vector.ToArray()));
        Assert.All(embeddings, static e => Assert.Equal("lengths", e.ModelId));
        Assert.Equal(Math.Min(batch, 3), batches.Max());
        Assert.Equal(expected[1], (await generator.GenerateVectorAsync("Bcd")).ToArray());
        Assert.Empty(await generator.GenerateAsync([]));
    }

    [Fact]
    public async Task Calls_at_the_same_time_wait_for_each_other()
    {
        var (inside, most) = (0, 0);
        using var generator = new EmbeddingGenerator<string>(texts =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            Thread.Sleep(2);
            Interlocked.Decrement(ref inside);
            return Lengths(texts);
        }, 2, "lengths", 1);
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => generator.GenerateAsync([new string('a', i), "B"])));
        Assert.Equal(1, most);
        Assert.Equal(Enumerable.Range(0, 8).Select(static i => (float)i), all.Select(static e => e[0].Vector.Span[0]));
    }

    [Fact]
    public async Task It_says_what_it_is_and_refuses_to_be_another()
    {
        using IEmbeddingGenerator<string, Embedding<float>> generator = new EmbeddingGenerator<string>(Lengths, 2, "lengths");
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>()!;
        Assert.Equal(("ModelCompiler", "lengths", 2), (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(generator, generator.GetService(typeof(EmbeddingGenerator<string>)));
        Assert.Null(generator.GetService(typeof(EmbeddingGeneratorMetadata), "key"));
        Assert.Contains("this is lengths with 2", (await Assert.ThrowsAsync<NotSupportedException>(() => generator.GenerateAsync(["a"], new() { Dimensions = 3 }))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotSupportedException>(() => generator.GenerateAsync(["a"], new() { ModelId = "other" }));
        Assert.Single(await generator.GenerateAsync(["a"], new() { Dimensions = 2, ModelId = "lengths" }));
    }

    [Fact]
    public async Task Wrong_numbers_and_cancelled_calls_are_errors_and_the_next_call_works()
    {
        var wrong = true;
        using var generator = new EmbeddingGenerator<string>(texts => wrong ? new float[3] : Lengths(texts), 2, "lengths");
        Assert.Contains("3 numbers for 1 inputs", (await Assert.ThrowsAsync<InvalidOperationException>(() => generator.GenerateAsync(["a"]))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync(["a"], cancellationToken: new CancellationToken(canceled: true)));
        wrong = false;
        Assert.Single(await generator.GenerateAsync(["a"]));
    }
}
