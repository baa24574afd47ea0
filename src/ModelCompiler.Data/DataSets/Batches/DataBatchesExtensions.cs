namespace ModelCompiler.Data;

/// <summary>Data sets into batches.</summary>
public static class DataBatchesExtensions
{
    /// <summary>Batches of a data set.</summary>
    /// <param name="create">Makes a batch of so many rows.</param>
    /// <param name="fill">Writes a record to a row of it. Called by several threads for different rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or there are no records.</exception>
    public static DataBatches<TRecord, TBatch> ToBatches<TRecord, TBatch>(
        this IRecords<TRecord> records, DataOptions options, Func<int, TBatch> create, RowFiller<TRecord, TBatch> fill)
        where TBatch : class => records.ToBatches(options, create, fill, finish: null);

    /// <summary>The same, with what is done to a batch when all its rows are there.</summary>
    internal static DataBatches<TRecord, TBatch> ToBatches<TRecord, TBatch>(
        this IRecords<TRecord> records, DataOptions options, Func<int, TBatch> create, RowFiller<TRecord, TBatch> fill, Action<TBatch, long>? finish)
        where TBatch : class
    {
        options.Check();
        return new(records, new ShuffledOrder(0, records.Parts, options.Seed, options.ShuffleBuffer), options, create, fill, finish);
    }

    /// <summary>Batches of several data sets, mixed by weights.</summary>
    /// <param name="sources">Each goes through epochs of its own, in an order of its own.</param>
    /// <inheritdoc cref="ToBatches{TRecord, TBatch}(IRecords{TRecord}, DataOptions, Func{int, TBatch}, RowFiller{TRecord, TBatch})"/>
    public static DataBatches<TRecord, TBatch> ToBatches<TRecord, TBatch>(
        this IReadOnlyList<WeightedRecords<TRecord>> sources, DataOptions options, Func<int, TBatch> create, RowFiller<TRecord, TBatch> fill)
        where TBatch : class
    {
        options.Check();
        var orders = new ShuffledOrder[sources.Count];
        var first = 0L;
        for (var i = 0; i < orders.Length; i++)
        {
            // Sets alike in size would else be in the same order.
            orders[i] = new ShuffledOrder(first, sources[i].Records.Parts, options.Seed + (ulong)i, options.ShuffleBuffer);
            first += sources[i].Records.Count;
        }

        var order = new MixedOrder(orders, [.. sources.Select(static s => s.Weight)], options.Seed);
        return new(Records.Concat([.. sources.Select(static s => s.Records)]), order, options, create, fill);
    }
}

/// <summary>A data set of several.</summary>
/// <param name="Weight">Above 0: how many records are taken of it, in proportion to the others; as exactly as a ten thousandth of all.</param>
public sealed record WeightedRecords<TRecord>(IRecords<TRecord> Records, double Weight);
