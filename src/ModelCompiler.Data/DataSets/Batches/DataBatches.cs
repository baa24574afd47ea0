using System.Runtime.ExceptionServices;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Data;

/// <summary>
/// The batches of a data set: a pure function of their number, as <see cref="IBatches{TBatch}"/> promises, with any number of threads and
/// through records that are broken. Batches follow each other over the ends of epochs: no record is left out, and a batch may hold the
/// last of one epoch and the first of the next.
/// </summary>
public sealed class DataBatches<TRecord, TBatch> : IBatches<TBatch>
    where TBatch : class
{
    // A set of which so many in a row are broken is not the one that was meant.
    private const int MostReplacements = 100;

    // Draws of one that is no longer than the batch: where almost all are longer, what is broken stays.
    private const int MostRejections = 10_000;
    private const uint ReplaceDomain = 0x52504C43;

    private readonly IRecords<TRecord> _records;
    private readonly IDrawOrder _order;
    private readonly DataOptions _options;
    private readonly Func<int, int, TBatch> _create;
    private readonly int[]? _lengths;
    private readonly RowFiller<TRecord, TBatch> _fill;
    private readonly Action<TBatch, long>? _finish;
    private readonly SkipList _skipped;
    private readonly Draw[] _draws;
    private readonly Exception?[] _failures;
    private string? _identity;
    private int _longest;

    /// <param name="finish">Gets a batch whose rows are filled, and its number among those of all ranks.</param>
    internal DataBatches(
        IRecords<TRecord> records, IDrawOrder order, DataOptions options, Func<int, TBatch> create, RowFiller<TRecord, TBatch> fill, Action<TBatch, long>? finish = null)
        : this(records, order, options, null, (rows, _) => create(rows), fill, finish)
    {
    }

    /// <param name="lengths">Of each record; null: all batches are of one length, which <paramref name="create"/> knows.</param>
    /// <param name="create">Gets the rows of a batch, and the length of the longest.</param>
    internal DataBatches(
        IRecords<TRecord> records, IDrawOrder order, DataOptions options, int[]? lengths, Func<int, int, TBatch> create, RowFiller<TRecord, TBatch> fill, Action<TBatch, long>? finish = null)
    {
        (_records, _order, _options, _lengths, _create, _fill, _finish) = (records, order, options, lengths, create, fill, finish);
        (_skipped, _draws, _failures) = (new SkipList(options.Skipped), new Draw[options.Batch], new Exception?[options.Batch]);
    }

    /// <summary>Batches until every record had its turn; the last may hold some of the next epoch.</summary>
    public long Count => (_order.EpochLength + Step - 1) / Step;

    /// <summary>Records that were skipped so far, each once.</summary>
    public int SkippedCount => _skipped.Count;

    /// <summary>What was skipped so far, by number of the record.</summary>
    public IReadOnlyList<BrokenRecord> Skipped => _skipped.Records;

    /// <inheritdoc/>
    public string? Summary => _skipped.Summary(_records.Count);

    /// <summary>Kind, number, names and marks of the records, their order, and which of them are this rank's. Where files lie is no part of it.</summary>
    public string Identity => _identity ??= FormattableString.Invariant(
        $"{typeof(TRecord).Name}: {_order.Identity}, {RecordNames.Digest(_records)}, in batches of {_options.Batch:N0}, rank {_options.Rank} of {_options.Ranks}");

    private long Step => (long)_options.Batch * _options.Ranks;

    /// <inheritdoc/>
    /// <exception cref="BrokenRecordException">A record is broken and <see cref="DataOptions.Broken"/> says stop, or nothing whole was found to take its place.</exception>
    public TBatch Get(long number, TBatch? reuse)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        var first = checked((number * Step) + ((long)_options.Rank * _options.Batch));
        for (var row = 0; row < _draws.Length; row++)
            _draws[row] = _order.At(first + row);
        _longest = _lengths is null ? 0 : _draws.Max(d => _lengths[d.Index]);
        var batch = _lengths is null && reuse is not null ? reuse : _create(_options.Batch, _longest); // an earlier one is of another length
        Array.Clear(_failures);
        if (_options.ThreadCount == 1)
        {
            for (var row = 0; row < _draws.Length; row++)
                Fill(batch, row, first + row);
        }
        else
        {
            Parallel.For(0, _draws.Length, new ParallelOptions { MaxDegreeOfParallelism = _options.ThreadCount }, row => Fill(batch, row, first + row));
        }

        // The first row's, whichever thread came first.
        if (Array.Find(_failures, static f => f is not null) is { } failure)
            ExceptionDispatchInfo.Throw(failure);
        _finish?.Invoke(batch, (number * _options.Ranks) + _options.Rank);
        return batch;
    }

    private void Fill(TBatch batch, int row, long place)
    {
        try
        {
            FillOrReplace(batch, row, place);
        }
#pragma warning disable CA1031 // Thrown again, in the order of rows.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failures[row] = e;
        }
    }

    private void FillOrReplace(TBatch batch, int row, long place)
    {
        var draw = _draws[row];
        var random = new RandomStream(_options.Seed, ReplaceDomain, (ulong)place);
        for (var replaced = 0; ; replaced++)
        {
            try
            {
                _fill(_records.Read(draw.Index), batch, new DataRow(row, draw, _options.Seed, _records.Count));
                return;
            }
            catch (Exception e) when (BrokenRecord.Is(e))
            {
                var broken = new BrokenRecord(_records.NameOf(draw.Index), e.Message);
                if (_options.Broken == BrokenRecords.Stop)
                    throw new BrokenRecordException(broken, e);
                _skipped.Add(draw.Index, broken);
                if (replaced == MostReplacements)
                    throw new BrokenRecordException(broken with { Reason = $"{broken.Reason} (and so were {MostReplacements} others, drawn to take its place)" }, e);
            }

            draw = draw with { Index = Another(draw, ref random) };
        }
    }

    private long Another(Draw draw, ref RandomStream random)
    {
        var (first, count) = _order.Pool(draw);
        for (var rejected = 0; rejected < MostRejections; rejected++)
        {
            var index = first + random.Below((uint)count);
            if (_lengths is null || _lengths[index] <= _longest)
                return index;
        }

        return draw.Index;
    }
}
