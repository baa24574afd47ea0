using ModelCompiler.Runtime;

namespace ModelCompiler.Data;

/// <summary>Texts into the batches of a model that finds hidden tokens.</summary>
public static class MaskedBatches
{
    private const uint Domain = 0x4D41534B;

    /// <summary>A text a row, with other tokens hidden in each epoch.</summary>
    /// <param name="create">Makes a batch of so many rows; longer texts are cut to its length.</param>
    /// <param name="arrays">Inputs and targets [batch, length] of a batch.</param>
    public static DataBatches<string, TBatch> ToMaskedBatches<TBatch>(
        this IRecords<string> texts, Tokenizer tokenizer, Masking masking, DataOptions options, Func<int, TBatch> create, Func<TBatch, (TokenBatch Inputs, int[] Targets)> arrays)
        where TBatch : class => texts.ToBatches(options, create, (text, batch, row) =>
        {
            var (inputs, targets) = arrays(batch);
            Fill(tokenizer, masking, inputs, targets, row, text, null);
        });

    /// <summary>A pair of sentences a row, with other tokens hidden, and another second sentence where it is drawn, in each epoch.</summary>
    /// <param name="arrays">Inputs, targets [batch, length] and the next sentence's [batch] of a batch: 0 where the second follows the first, 1 where not, as BERT numbers them.</param>
    /// <inheritdoc cref="ToMaskedBatches{TBatch}(IRecords{string}, Tokenizer, Masking, DataOptions, Func{int, TBatch}, Func{TBatch, ValueTuple{TokenBatch, int[]}})"/>
    public static DataBatches<SentencePlace, TBatch> ToMaskedBatches<TBatch>(
        this IRecords<SentencePlace> sentences, Tokenizer tokenizer, Masking masking, DataOptions options, Func<int, TBatch> create,
        Func<TBatch, (TokenBatch Inputs, int[] Targets, int[] NextSentence)> arrays)
        where TBatch : class => sentences.ToBatches(options, create, (place, batch, row) =>
        {
            var (inputs, targets, next) = arrays(batch);
            var pair = place.Pair(row);
            Fill(tokenizer, masking, inputs, targets, row, pair.First, pair.Second);
            next[row.Index] = pair.IsNext ? 0 : 1;
        });

    private static void Fill(Tokenizer tokenizer, Masking masking, TokenBatch inputs, int[] targets, DataRow row, string text, string? pair)
    {
        tokenizer.FillRow(inputs, row.Index, text, pair, truncate: true);
        var (first, length) = (row.Index * inputs.Length, inputs.Length);
        masking.Apply(inputs.Ids.AsSpan(first, length), inputs.Mask.AsSpan(first, length), targets.AsSpan(first, length), row.Random(Domain));
    }
}
