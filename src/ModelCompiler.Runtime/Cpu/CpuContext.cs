namespace ModelCompiler.Runtime.Cpu;

/// <summary>What every kernel gets: the threads, the width of vectors, and scratch memory. Kernels never allocate.</summary>
/// <param name="threads">1 or more.</param>
/// <param name="set">Width of the vectors; it must be supported here.</param>
public sealed unsafe class CpuContext(int threads, InstructionSet set) : IDisposable
{
    private Arena _shared = new(0);
    private Arena _workers = new(0);
    private long _stride;

    /// <summary>Sees every kernel when it has run; null: nobody does.</summary>
    public IKernelWatch? Watch { get; set; }

    public ThreadTeam Team { get; } = new(threads);

    public InstructionSet Set { get; } = Instructions.IsSupported(set) ? set
        : throw new PlatformNotSupportedException($"{set} is not supported by this processor; it has {Instructions.Best} at best.");

    /// <summary>Scratch memory of a job.</summary>
    public byte* Shared => _shared.Pointer;

    /// <summary>Bytes from one thread's scratch memory to the next's.</summary>
    public long WorkerStride => _stride;

    public long ScratchBytes => _shared.Bytes + _workers.Bytes;

    /// <summary>Scratch memory of one thread.</summary>
    public byte* Worker(int worker) => _workers.Pointer + (worker * _stride);

    /// <summary>What <see cref="ReserveScratch"/> allocates in all for these sizes.</summary>
    public static long ScratchBytesFor(long sharedBytes, long workerBytes, int threads) => sharedBytes + (Aligned(workerBytes) * threads);

    /// <summary>Makes room for a job's scratch memory; what was there before is lost.</summary>
    public void ReserveScratch(long sharedBytes, long workerBytes)
    {
        if (sharedBytes > _shared.Bytes)
        {
            _shared.Dispose();
            _shared = new Arena(sharedBytes);
        }

        var stride = Aligned(workerBytes);
        if (stride > _stride)
        {
            _stride = 0; // if there is no memory, there is no scratch
            _workers.Dispose();
            _workers = new Arena(stride * Team.Threads);
            _stride = stride;
        }
    }

    public void Dispose()
    {
        Team.Dispose();
        _shared.Dispose();
        _workers.Dispose();
    }

    private static long Aligned(long bytes) => (bytes + 127) / 128 * 128;
}
