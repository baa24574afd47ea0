namespace ModelCompiler.Data;

/// <summary>How a data set becomes batches. All of it, but for <see cref="Threads"/> and what is called back, decides what the batches hold.</summary>
public sealed record DataOptions
{
    /// <summary>Records of a batch, 1 or more; of one rank's batch where there are several.</summary>
    public required int Batch { get; init; }

    /// <summary>Names the orders of all epochs and everything drawn of records.</summary>
    public ulong Seed { get; init; }

    /// <summary>Records that are shuffled at a time, so that reading stays near where it was; null: all at once; 0: records come in their own order, as for measuring.</summary>
    public int? ShuffleBuffer { get; init; }

    /// <summary>Which of <see cref="Ranks"/> processes this is. All take other records: a step of all of them is a batch of one process with <see cref="Ranks"/> times as many records.</summary>
    public int Rank { get; init; }

    /// <summary>Processes that train together.</summary>
    public int Ranks { get; init; } = 1;

    /// <summary>What happens where a record is broken.</summary>
    public BrokenRecords Broken { get; init; }

    /// <summary>Told once of each record that is skipped, on the thread that read it.</summary>
    public Action<BrokenRecord>? Skipped { get; init; }

    /// <summary>Threads that fill a batch; 0: half the processors. Batches are the same with any number.</summary>
    public int Threads { get; init; }

    internal int ThreadCount => Threads > 0 ? Threads : Math.Max(1, Environment.ProcessorCount / 2);

    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Ranks, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        if (Rank < 0 || Rank >= Ranks)
            throw new ArgumentOutOfRangeException(nameof(Rank), Rank, $"Rank {Rank} of {Ranks}; legal is 0..{Ranks - 1}.");
    }
}
