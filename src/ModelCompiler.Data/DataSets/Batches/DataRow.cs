namespace ModelCompiler.Data;

/// <summary>A row of a batch that is being filled, and what may be drawn for it: everything follows from (seed, epoch, record).</summary>
public readonly struct DataRow
{
    private readonly ulong _seed;

    internal DataRow(int index, Draw draw, ulong seed, long count)
    {
        (Index, Epoch, Record, _seed) = (index, draw.Epoch, draw.Index, seed);
        Turn = ((ulong)draw.Epoch * (ulong)count) + (ulong)draw.Index;
    }

    /// <summary>Number of the row in its batch.</summary>
    public int Index { get; }

    /// <summary>How often the records of the set had their turn before.</summary>
    public long Epoch { get; }

    /// <summary>Number of the record.</summary>
    public long Record { get; }

    /// <summary>The run's seed.</summary>
    public ulong Seed => _seed;

    /// <summary>A number of this record in this epoch that no other has.</summary>
    public ulong Turn { get; }

    /// <summary>Random numbers of this record in this epoch.</summary>
    /// <param name="domain">What they are for: uses of unlike domains do not know of each other.</param>
    public RandomStream Random(uint domain) => new(_seed, domain, Turn);
}

/// <summary>Writes a record to a row of a batch: all of the row, since an earlier batch is in it.</summary>
public delegate void RowFiller<in TRecord, in TBatch>(TRecord record, TBatch batch, DataRow row);
