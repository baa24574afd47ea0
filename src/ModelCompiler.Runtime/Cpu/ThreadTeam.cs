using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// Threads that run the chunks of one job after the other. A job is one 64-bit ticket, epoch:16 | count:24 | next:24; claiming a
/// chunk is a compare-and-swap of ticket to ticket + 1, so a late thread can never take a chunk of a newer job with old data. The
/// caller takes chunks too and waits for chunks that are done, not for threads that arrived: a thread the system has not woken
/// holds nothing. Nothing is allocated for a job.
/// </summary>
public sealed unsafe class ThreadTeam : IDisposable
{
    private const int CountShift = 24;
    private const int EpochShift = 48;
    private const long FieldMask = (1L << CountShift) - 1;
    private static readonly long s_spin = Stopwatch.Frequency / 2000; // half a millisecond bridges the gaps between jobs of a step

    private readonly Shared* _shared;
    private readonly SemaphoreSlim _gate = new(0);
    private readonly Thread[] _threads;
    private volatile bool _isClosing;

    /// <param name="threads">1 or more, the calling thread included.</param>
    public ThreadTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        _shared = (Shared*)NativeMemory.AlignedAlloc((nuint)sizeof(Shared), 128);
        NativeMemory.Clear(_shared, (nuint)sizeof(Shared));
        _threads = new Thread[threads - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var worker = i + 1;
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"model worker {worker}" };
            _threads[i].Start();
        }
    }

    public int Threads { get; }

    /// <summary>Runs chunks 0 to count - 1, each once, and returns when all are done. Bodies must not throw. One caller at a time.</summary>
    /// <param name="chunks">Up to 16,777,214.</param>
    /// <param name="body">Gets state, chunk and worker (0 is the caller).</param>
    public void Run(int chunks, delegate*<void*, int, int, void> body, void* state)
    {
        if (chunks <= 1 || Threads == 1)
        {
            for (var i = 0; i < chunks; i++)
            {
                body(state, i, 0);
            }

            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(chunks, FieldMask);
        _shared->Body = (nint)body;
        _shared->State = (nint)state;
        Volatile.Write(ref _shared->Done, 0);
        var epoch = (Volatile.Read(ref _shared->Ticket) >>> EpochShift) + 1;
        Interlocked.Exchange(ref _shared->Ticket, (epoch << EpochShift) | ((long)chunks << CountShift));
        var sleepers = Volatile.Read(ref _shared->Sleepers);
        if (sleepers > 0)
        {
            _gate.Release(Math.Min(sleepers, chunks - 1));
        }

        Drain(0);
        var start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _shared->Done) != chunks)
        {
            if (Stopwatch.GetTimestamp() - start < s_spin)
            {
                Thread.SpinWait(1);
            }
            else
            {
                Thread.Yield();
            }
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (_isClosing)
        {
            return;
        }

        _isClosing = true;
        if (_threads.Length > 0)
        {
            _gate.Release(_threads.Length);
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }

        NativeMemory.AlignedFree(_shared);
        _gate.Dispose();
    }

    // Claims and runs chunks until the job has none left.
    private void Drain(int worker)
    {
        while (true)
        {
            var ticket = Volatile.Read(ref _shared->Ticket);
            var next = ticket & FieldMask;
            if (next >= ((ticket >> CountShift) & FieldMask))
            {
                return;
            }

            var body = (delegate*<void*, int, int, void>)_shared->Body;
            var state = (void*)_shared->State;
            if (Interlocked.CompareExchange(ref _shared->Ticket, ticket + 1, ticket) == ticket)
            {
                body(state, (int)next, worker);
                Interlocked.Increment(ref _shared->Done);
            }
        }
    }

    private void Work(int worker)
    {
        while (!_isClosing)
        {
            Drain(worker);
            var start = Stopwatch.GetTimestamp();
            while (!HasWork() && !_isClosing && Stopwatch.GetTimestamp() - start < s_spin)
            {
                Thread.SpinWait(1);
            }

            if (HasWork() || _isClosing)
            {
                continue;
            }

            Interlocked.Increment(ref _shared->Sleepers);
            if (!HasWork() && !_isClosing)
            {
                _gate.Wait();
            }

            Interlocked.Decrement(ref _shared->Sleepers);
        }
    }

    private bool HasWork()
    {
        var ticket = Volatile.Read(ref _shared->Ticket);
        return (ticket & FieldMask) < ((ticket >> CountShift) & FieldMask);
    }

    // Fields that different threads write lie 128 bytes apart.
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    private struct Shared
    {
        [FieldOffset(0)]
        public long Ticket;

        [FieldOffset(128)]
        public int Done;

        [FieldOffset(256)]
        public int Sleepers;

        [FieldOffset(384)]
        public nint Body;

        [FieldOffset(392)]
        public nint State;
    }
}
