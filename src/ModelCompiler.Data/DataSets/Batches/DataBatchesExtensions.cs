namespace ModelCompiler.Data;

/// <summary>Data sets into batches.</summary>
public static class DataBatchesExtensions
{
    // With fewer, records of like length are rare; with more, what a stretch holds is sorted for longer and epochs mix more.
    private const int StepsOfLikeLength = 50;

    /// <summary>Batches of a data set.</summary>
    /// <param name="create">Makes a batch of so many rows.</param>
    /// <param name="fill">Writes a record to a row of it. Called by several threads for different rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or there are no records.</exception>
    public static DataBatches<TRecord, TBatch> ToBatches<TRecord, TBatch>(
        this IRecords<TRecord> records, DataOptions options, Func<int, TBatch> create, RowFiller<TRecord, TBatch> fill)
        where TBatch : class => records.ToBatches(options, create, fill, finish: null);

    /// <summary>
    /// Batches of records of like length, so that little of them is padding: of each 50 steps the records are sorted by length, and the steps come in a drawn order. Each record still has its turn
    /// once an epoch, but for those of a stretch that goes over its end, which are of both.
    /// </summary>
    /// <param name="length">Tokens of a record, 1 or more; asked of each once, here.</param>
    /// <param name="create">Makes a batch of so many rows, as long as the longest. Batches are not used again, since the next is of another length.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, there are no records, or one has no tokens.</exception>
    /// <inheritdoc cref="ToBatches{TRecord, TBatch}(IRecords{TRecord}, DataOptions, Func{int, TBatch}, RowFiller{TRecord, TBatch})"/>
    public static DataBatches<TRecord, TBatch> ToBatches<TRecord, TBatch>(
        this IRecords<TRecord> records, DataOptions options, Func<TRecord, int> length, Func<int, int, TBatch> create, RowFiller<TRecord, TBatch> fill)
        where TBatch : class
    {
        options.Check();
        var order = new ShuffledOrder(0, records.Parts, options.Seed, options.ShuffleBuffer);
        var lengths = LengthsOf(records, length);
        return new(records, new LengthOrder(order, lengths, checked(options.Batch * options.Ranks), StepsOfLikeLength, options.Seed), options, lengths, create, fill);
    }

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

    // A broken record counts as the longest, so that any other fits in its place.
    private static int[] LengthsOf<TRecord>(IRecords<TRecord> records, Func<TRecord, int> length)
    {
        var (lengths, broken, longest) = (new int[records.Count], new List<int>(), 1);
        for (var i = 0; i < lengths.Length; i++)
        {
            try
            {
                lengths[i] = length(records.Read(i));
            }
            catch (Exception e) when (BrokenRecord.Is(e))
            {
                broken.Add(i);
                continue;
            }

            if (lengths[i] < 1)
                throw new ArgumentOutOfRangeException(nameof(length), lengths[i], $"{records.NameOf(i)} has a length of {lengths[i]}; legal is 1 or more.");
            longest = Math.Max(longest, lengths[i]);
        }

        foreach (var i in broken)
            lengths[i] = longest;
        return lengths;
    }
}

/// <summary>A data set of several.</summary>
/// <param name="Weight">Above 0: how many records are taken of it, in proportion to the others; as exactly as a ten thousandth of all.</param>
public sealed record WeightedRecords<TRecord>(IRecords<TRecord> Records, double Weight);
