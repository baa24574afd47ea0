using ModelCompiler.GpuCheck.Speed;

namespace ModelCompiler.Benchmarks.Steps;

/// <summary>
/// Operations of a step of <see cref="QFormerS"/>, counted as <see cref="Operations"/> counts them. Queries, texts that are compared and texts that are said pass once, three times as many
/// pairs pass again. What a frozen tower needs is forward alone; of what is made of its tokens alone, the gradients of weights are needed and no others. Of the pairs' texts the last block needs keys and values alone.
/// </summary>
internal static class QFormerOperations
{
    public const int Queries = 32, Embedding = 256;

    // Every second block reads the picture.
    private const int CrossEvery = 2, Pairs = 3;

    // The parts of a step whose gradient is not asked for, or only that of their weights.
    private const double Forward = 1.0 / 3, WithoutInputs = 2.0 / 3;

    /// <param name="width">Of queries, texts and the tower.</param>
    /// <param name="layers">Of the Q-Former; the tower has one.</param>
    /// <param name="seen">Tokens of a picture.</param>
    /// <param name="length">Tokens of a text.</param>
    /// <param name="patch">Values of a patch.</param>
    public static double Of(int width, int layers, int seen, int length, int patch, int vocabulary, int batch)
    {
        var tower = Forward * (Operations.Of(patch, width, batch * (seen - 1)) + Operations.OfBlocks(1, width, seen, batch));
        var apart = (2 * Blocks(layers, batch * length, length)) + Attention(layers, batch * length, Queries) + Blocks(layers, batch * Queries, Queries); // what is said sees the queries too
        var (both, pairs) = (Queries + length, Pairs * batch);
        var together = Blocks(layers, pairs * Queries, both) + Blocks(layers - 1, pairs * length, both) + Operations.Of(2 * width, width, pairs * length);
        var heads = Operations.Of(width, Embedding, batch * (Queries + 1)) + Operations.Of(Embedding, batch, batch * Queries)
            + Operations.Of(width, width, batch * length) + Operations.Of(width, vocabulary, batch * length);
        return tower + apart + together + heads + ((layers / CrossEvery) * (Cross(batch) + Cross(pairs)));

        double Blocks(int count, int tokens, int keys) => (count * Operations.Of(12 * width, width, tokens)) + Attention(count, tokens, keys);

        double Attention(int count, int tokens, int keys) => count * 12.0 * width * keys * tokens;

        double Cross(int samples) => Operations.Of(2 * width, width, samples * Queries) + (WithoutInputs * Operations.Of(2 * width, width, samples * seen)) + Attention(1, samples * Queries, seen);
    }
}
