using ModelCompiler.Runtime;

namespace ModelCompiler.Data;

/// <summary>Tokens into a language model's batches.</summary>
public static class LanguageModelBatches
{
    private const uint ShiftDomain = 0x53484654;

    /// <summary>
    /// Stretches of tokens, and as targets the tokens that follow each. They lie end to end and start at another place in each epoch, drawn by
    /// seed; without shuffling they start at the first token.
    /// </summary>
    /// <param name="create">Makes a batch of so many rows; its length is that of a stretch.</param>
    /// <param name="arrays">Inputs and targets [batch, length] of a batch.</param>
    /// <exception cref="ArgumentException">There are not enough tokens for one stretch.</exception>
    public static DataBatches<long, TBatch> ToBatches<TBatch>(
        this ITokens tokens, DataOptions options, Func<int, TBatch> create, Func<TBatch, (TokenBatch Inputs, int[] Targets)> arrays)
        where TBatch : class
    {
        var length = arrays(create(options.Batch)).Inputs.Length;
        if (tokens.Count <= length)
            throw new ArgumentException($"{tokens.Name} has {tokens.Count} tokens; a stretch of {length} and the one behind it take {length + 1}.", nameof(tokens));

        // Where they start by chance, no stretch may reach beyond the end.
        var windows = options.ShuffleBuffer == 0 ? (tokens.Count - 1) / length : Math.Max(1, (tokens.Count / length) - 1);
        var starts = options.ShuffleBuffer == 0 ? 1 : (uint)Math.Min(length, tokens.Count - (windows * length));
        return Records.Of(windows, static window => window, window => FormattableString.Invariant($"{tokens.Name}, stretch {window}")).ToBatches(options, create, (window, batch, row) =>
        {
            var shift = new RandomStream(options.Seed, ShiftDomain, (ulong)row.Epoch).Below(starts);
            var (inputs, targets) = arrays(batch);
            var first = row.Index * length;
            tokens.Copy((window * length) + shift, inputs.Ids.AsSpan(first, length));
            tokens.Copy((window * length) + shift + 1, targets.AsSpan(first, length));
        });
    }
}
