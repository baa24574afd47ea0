namespace ModelCompiler.Runtime.Training;

/// <summary>
/// The batches of a training run, by number. A number always stands for the same batch, whoever asks and when: that is what makes a
/// run that was stopped go on as if it had not been.
/// </summary>
public interface IBatches<TBatch>
    where TBatch : class
{
    /// <summary>Batches of an epoch, where there are epochs; numbers go on beyond it, so that each epoch can be in an order of its own.</summary>
    long Count => long.MaxValue;

    /// <summary>What is to be said of the batches when a run ends, such as what was skipped; null: nothing.</summary>
    string? Summary => null;

    /// <summary>
    /// What decides which batch a number stands for, in words: checkpoints keep it, and a run that goes on from one with other words is refused. Null: it cannot be said, and nothing is
    /// compared.
    /// </summary>
    string? Identity => null;

    /// <summary>One batch. Called on a thread of its own, ahead of training, one call at a time.</summary>
    /// <param name="number">0 for the first; it grows beyond any epoch.</param>
    /// <param name="reuse">A batch that nobody needs any more and that may be filled and returned; null: there is none.</param>
    TBatch Get(long number, TBatch? reuse);
}

/// <summary>Batches made of functions.</summary>
public static class Batches
{
    /// <param name="get">Fills a batch, or makes one where it is given none.</param>
    /// <param name="count">Batches of an epoch.</param>
    public static IBatches<TBatch> Of<TBatch>(Func<long, TBatch?, TBatch> get, long count = long.MaxValue)
        where TBatch : class => new Delegated<TBatch>(get, count);

    private sealed class Delegated<TBatch>(Func<long, TBatch?, TBatch> get, long count) : IBatches<TBatch>
        where TBatch : class
    {
        public long Count => count;

        public TBatch Get(long number, TBatch? reuse) => get(number, reuse);
    }
}

/// <summary>What every emitted batch says of itself.</summary>
public interface IBatch
{
    /// <summary>Tokens or pictures in it: what speed is counted in.</summary>
    long Items { get; }

    /// <summary>What is counted: "tokens" or "pictures".</summary>
    static abstract string ItemName { get; }
}
