using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// What the threads of a team share: one job at a time, as a 64-bit ticket, epoch:40 | chunks left:24, and what belongs to it. Claiming
/// a chunk is a compare-and-swap of ticket to ticket - 1. What belongs to a job is written only while no chunk is left, so a claim that
/// succeeds has read what belongs to its own job; a thread would have to sleep through 2^40 jobs to be wrong.
/// </summary>
internal sealed unsafe class Crew
{
    /// <summary>Most chunks of a job.</summary>
    public const int MostChunks = (1 << LeftBits) - 1;

    /// <summary>Ticks for which a thread waits awake: half a millisecond bridges the gaps between jobs of a step.</summary>
    public static readonly long Spin = Stopwatch.Frequency / 2000;

    private const int LeftBits = 24;

    private readonly Shared* _shared;
    private readonly SemaphoreSlim _gate = new(0);
    private int _present;
    private bool _isClosing;

    /// <param name="threads">Threads that will call <see cref="Work"/>. They and who calls <see cref="Close"/> are present; the last to leave frees the memory.</param>
    public Crew(int threads)
    {
        _present = threads + 1;
        _shared = (Shared*)NativeMemory.AlignedAlloc((nuint)sizeof(Shared), 128);
        NativeMemory.Clear(_shared, (nuint)sizeof(Shared));
    }

    public bool IsClosing => Volatile.Read(ref _isClosing);

    /// <summary>Makes a job known and wakes who sleeps; the job before must be done.</summary>
    public void Post(int chunks, delegate*<void*, int, int, void> body, void* state)
    {
        _shared->Body = (nint)body;
        _shared->State = (nint)state;
        _shared->Chunks = chunks;
        Volatile.Write(ref _shared->Done, 0);
        var epoch = (Volatile.Read(ref _shared->Ticket) >>> LeftBits) + 1;
        Interlocked.Exchange(ref _shared->Ticket, (epoch << LeftBits) | (long)chunks);
        Wake(chunks - 1);
    }

    /// <summary>Claims and runs chunks until the job has none left.</summary>
    public void Drain(int worker)
    {
        while (true)
        {
            var ticket = Volatile.Read(ref _shared->Ticket);
            var left = (int)(ticket & MostChunks);
            if (left == 0)
            {
                return;
            }

            var body = (delegate*<void*, int, int, void>)_shared->Body;
            var (state, chunks) = (_shared->State, _shared->Chunks);
            if (Interlocked.CompareExchange(ref _shared->Ticket, ticket - 1, ticket) == ticket)
            {
                body((void*)state, chunks - left, worker);
                Interlocked.Increment(ref _shared->Done);
            }
        }
    }

    /// <summary>Whether all chunks of the job have been run.</summary>
    public bool IsDone(int chunks) => Volatile.Read(ref _shared->Done) == chunks;

    /// <summary>The life of a thread.</summary>
    public void Work(int worker)
    {
        while (!IsClosing)
        {
            Drain(worker);
            var start = Stopwatch.GetTimestamp();
            while (IsIdle() && Stopwatch.GetTimestamp() - start < Spin)
            {
                Thread.SpinWait(1);
            }

            if (IsIdle())
            {
                Sleep();
            }
        }

        Leave();
    }

    /// <summary>Lets the threads end, and the caller with them. May be called again.</summary>
    public void Close()
    {
        if (!Interlocked.Exchange(ref _isClosing, true))
        {
            Wake(int.MaxValue);
            Leave();
        }
    }

    private bool IsIdle() => (Volatile.Read(ref _shared->Ticket) & MostChunks) == 0 && !IsClosing;

    // Who wakes sleepers strikes them off, so that there are never more permits than threads that wait for one.
    private void Wake(int most)
    {
        for (var sleepers = Volatile.Read(ref _shared->Sleepers); sleepers > 0;)
        {
            var woken = Math.Min(sleepers, most);
            var seen = Interlocked.CompareExchange(ref _shared->Sleepers, sleepers - woken, sleepers);
            if (seen == sleepers)
            {
                _gate.Release(woken);
                return;
            }

            sleepers = seen;
        }
    }

    // Work that comes between the look and the wait finds this thread among the sleepers.
    private void Sleep()
    {
        Interlocked.Increment(ref _shared->Sleepers);
        if (IsIdle() || !StrikeOff())
        {
            _gate.Wait();
        }
    }

    // False where somebody else has done it: then a permit is on its way and must be taken.
    private bool StrikeOff()
    {
        for (var sleepers = Volatile.Read(ref _shared->Sleepers); sleepers > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _shared->Sleepers, sleepers - 1, sleepers);
            if (seen == sleepers)
            {
                return true;
            }

            sleepers = seen;
        }

        return false;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _present) == 0)
        {
            NativeMemory.AlignedFree(_shared);
        }
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

        [FieldOffset(400)]
        public int Chunks;
    }
}
