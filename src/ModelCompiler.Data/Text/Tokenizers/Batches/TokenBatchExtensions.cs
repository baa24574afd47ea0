using ModelCompiler.Runtime;

namespace ModelCompiler.Data;

/// <summary>Texts into the typed token batches of models.</summary>
public static class TokenBatchExtensions
{
    /// <summary>
    /// Writes ids and mask, and segments where there are pairs, of one text, or pair, a row, behind the tokens that stand for something else. Rows that are shorter than the batch are filled
    /// up, rows that are longer are an error unless they may be cut; options say otherwise, but for the length, which is the batch's.
    /// </summary>
    /// <param name="texts">As many as the batch has rows.</param>
    /// <param name="pairs">The second texts; null where there are none.</param>
    /// <param name="truncate">Rows that are too long are cut: the longer text first, at the end that the tokenizer's file names, where the options do not say whose and where.</param>
    /// <returns>The batch.</returns>
    /// <exception cref="ArgumentException">Another number of texts than rows, no padding token, a text that may not be cut and is too long, or a token that the model's table lacks.</exception>
    public static T Fill<T>(this Tokenizer tokenizer, T batch, IReadOnlyList<string> texts, IReadOnlyList<string>? pairs = null, EncodeOptions? options = null, bool truncate = false) where T : TokenBatch
    {
        if (texts.Count != batch.Count)
            throw new ArgumentException($"{texts.Count} texts for a batch of {batch.Count} rows; legal are as many.", nameof(texts));
        if (batch.Prefix > 0)
        {
            for (var row = 0; row < batch.Count; row++)
                tokenizer.FillRow(batch, row, texts[row], pairs?[row], options, truncate);
            batch.Check();
            return batch;
        }

        options = Within(batch.Length, options, tokenizer, truncate);
        batch.Segments = pairs is null ? null : batch.Segments is { } segments && segments.Length == batch.Ids.Length ? segments : new int[batch.Ids.Length];
        tokenizer.Fill(texts, pairs, options, batch.Length, batch.Ids, batch.Mask, batch.Segments);
        batch.Check();
        return batch;
    }

    /// <summary>
    /// The same for one row, which several threads may do for different rows. Whether the model's table has every token is seen when the
    /// batch is used.
    /// </summary>
    /// <param name="row">0..rows of the batch - 1.</param>
    /// <param name="pair">The second text; null: there is none, and the row's segments are 0.</param>
    /// <param name="truncate">What is too long is cut, as <see cref="Fill"/> does it.</param>
    /// <exception cref="ArgumentException">No such row, no padding token, or a text that may not be cut and is too long.</exception>
    public static void FillRow(this Tokenizer tokenizer, TokenBatch batch, int row, string text, string? pair = null, EncodeOptions? options = null, bool truncate = false)
    {
        if (row < 0 || row >= batch.Count)
            throw new ArgumentOutOfRangeException(nameof(row), row, $"Row {row} does not exist; legal is 0..{batch.Count - 1}.");
        options = Within(batch.Length - batch.Prefix, options, tokenizer, truncate);
        if (pair is not null)
        {
            lock (batch)
                batch.Segments = batch.Segments is { } old && old.Length == batch.Ids.Length ? old : new int[batch.Ids.Length];
        }

        var (first, length) = ((row * batch.Length) + batch.Prefix, batch.Length - batch.Prefix);
        var segments = batch.Segments is { } all ? all.AsSpan(first, length) : [];
        tokenizer.FillRow(text, pair, $"The text of row {row}", options, batch.Ids.AsSpan(first, length), batch.Mask.AsSpan(first, length), segments);
    }

    /// <summary>Tokens of the longest of some texts, at most a model's: how long a batch of them has to be.</summary>
    public static int LengthOf(this Tokenizer tokenizer, IReadOnlyList<string> texts, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return Math.Clamp(texts.Select(t => tokenizer.CountTokens(t)).DefaultIfEmpty(1).Max(), 1, most);
    }

    private static EncodeOptions Within(int length, EncodeOptions? options, Tokenizer tokenizer, bool truncate)
    {
        options ??= new EncodeOptions { TruncationSide = tokenizer.BatchOptions.TruncationSide };
        var truncation = truncate && options.Truncation == TokenTruncation.None ? TokenTruncation.LongestFirst : options.Truncation;
        return options with { Truncation = truncation, MaxLength = length };
    }
}
