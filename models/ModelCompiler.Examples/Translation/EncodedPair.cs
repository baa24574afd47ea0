using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;

namespace ModelCompiler.Examples.Translation;

/// <summary>A pair of texts as ids.</summary>
/// <param name="Source">With <see cref="End"/> behind it.</param>
/// <param name="Target">Between <see cref="Start"/> and <see cref="End"/>.</param>
internal sealed record EncodedPair(int[] Source, int[] Target)
{
    /// <summary>What the tokenizer's first tokens stand for.</summary>
    public const int Padding = 0, Start = 1, End = 2;

    private const int NotCounted = -1;

    /// <summary>Tokens of a row that holds it: each target token but the first is predicted by the one before it.</summary>
    public int Length => Math.Max(Source.Length, Target.Length - 1);

    /// <summary>Ids of a source, at most so many with the one that ends it.</summary>
    public static int[] SourceOf(IReadOnlyList<int> ids, int most = int.MaxValue) => [.. ids.Take(most - 1), End];

    /// <summary>Fills a row of a batch.</summary>
    public void Write(Translator.Batch batch, int row)
    {
        Write(Source, batch.Inputs.Encoder, row);
        Write(Target.AsSpan(..^1), batch.Inputs.Decoder, row);
        var targets = batch.Targets.AsSpan(row * batch.Inputs.Length, batch.Inputs.Length);
        Target.AsSpan(1..).CopyTo(targets);
        targets[(Target.Length - 1)..].Fill(NotCounted);
    }

    /// <summary>Fills a row with ids and padding behind them.</summary>
    public static void Write(ReadOnlySpan<int> tokens, TokenBatch batch, int row)
    {
        var ids = batch.Ids.AsSpan(row * batch.Length, batch.Length);
        var mask = batch.Mask.AsSpan(row * batch.Length, batch.Length);
        tokens.CopyTo(ids);
        ids[tokens.Length..].Fill(Padding);
        mask[..tokens.Length].Fill(1);
        mask[tokens.Length..].Clear();
    }
}
