using System.Runtime.ExceptionServices;

namespace ModelCompiler.Runtime.Training;

/// <summary>
/// Gets batches on a thread of its own, a few ahead of the one who asks. Batches are handed back and filled again; once all exist,
/// nothing is allocated.
/// </summary>
internal sealed class Prefetcher<TBatch> : IDisposable
    where TBatch : class
{
    private readonly IBatches<TBatch> _batches;
    private readonly TBatch?[] _ring;
    private readonly SemaphoreSlim _free;
    private readonly SemaphoreSlim _ready = new(0);
    private readonly Thread _thread;
    private readonly long _last;
    private long _next;
    private volatile bool _isClosing;
    private ExceptionDispatchInfo? _failure;

    /// <param name="first">Number of the first batch.</param>
    /// <param name="last">One behind the number of the last.</param>
    /// <param name="held">Batches that the caller holds at a time.</param>
    public Prefetcher(IBatches<TBatch> batches, long first, long last, int held)
    {
        (_batches, _next, _last) = (batches, first, last);
        _ring = new TBatch?[(2 * held) + 1];
        _free = new SemaphoreSlim(_ring.Length);
        _thread = new Thread(() => Work(first)) { IsBackground = true, Name = "model data" };
        _thread.Start();
    }

    /// <summary>The next batch; the caller hands it back by <see cref="Release"/>. What goes wrong with a batch is thrown when its turn comes, not before.</summary>
    public TBatch Take()
    {
        _ready.Wait();
        if (_ring[_next % _ring.Length] is { } batch)
        {
            _next++;
            return batch;
        }

        _ready.Release(); // and whenever it is asked for again
        _failure!.Throw();
        throw _failure.SourceException;
    }

    /// <summary>So many batches, the ones taken first, may be filled again.</summary>
    public void Release(int count) => _free.Release(count);

    public void Dispose()
    {
        if (_isClosing)
        {
            return;
        }

        _isClosing = true;
        _free.Release();
        _thread.Join();
        _free.Dispose();
        _ready.Dispose();
    }

    private void Work(long number)
    {
        for (; number < _last; number++)
        {
            _free.Wait();
            if (_isClosing)
            {
                return;
            }

            ref var slot = ref _ring[number % _ring.Length];
            try
            {
                slot = _batches.Get(number, slot) ?? throw new InvalidOperationException($"Batch {number} is null.");
            }
#pragma warning disable CA1031 // Whatever goes wrong with the data is the trainer's to see.
            catch (Exception e)
#pragma warning restore CA1031
            {
                (slot, _failure) = (null, ExceptionDispatchInfo.Capture(e));
                _ready.Release();
                return;
            }

            _ready.Release();
        }
    }
}
