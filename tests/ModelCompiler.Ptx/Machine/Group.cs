using ModelCompiler.Ptx.Decoding;

namespace ModelCompiler.Ptx.Machine;

/// <summary>The threads that share memory and meet at barriers.</summary>
internal sealed class Group
{
    /// <summary>Instructions of all threads of a launch after which it is taken not to end.</summary>
    private const long Most = 4_000_000_000;

    private readonly Warp[] _warps;

    public Group(PtxKernel kernel, GlobalMemory global, SharedMemory shared, byte[] parameters, Extent3 grid, Extent3 size, int number)
    {
        (Grid, Size, Index, Number, Global, Shared, Parameters) = (grid, size, grid.At(number), number, global, shared, parameters);
        _warps = [.. Enumerable.Range(0, (size.Count + Warp.Size - 1) / Warp.Size)
            .Select(w => new Warp(kernel, this, w * Warp.Size, Math.Min(Warp.Size, size.Count - (w * Warp.Size))))];
    }

    public Extent3 Grid { get; }

    public Extent3 Size { get; }

    public Extent3 Index { get; }

    public int Number { get; }

    public GlobalMemory Global { get; }

    public SharedMemory Shared { get; }

    /// <summary>The kernel's arguments.</summary>
    public byte[] Parameters { get; }

    /// <summary>Instructions that threads have executed.</summary>
    public long Executed { get; private set; }

    /// <summary>Barriers that all threads have passed.</summary>
    public long Barriers { get; private set; }

    /// <exception cref="PtxException">A thread did what it must not.</exception>
    public void Run()
    {
        Shared.Begin();
        var place = 0;
        do
        {
            foreach (var warp in _warps)
            {
                try
                {
                    warp.Run();
                }
                catch (PtxException e)
                {
                    throw new PtxException($"{e.Message} (group {Index}, {warp.Current.Source})", e);
                }
            }

            place = int.MinValue;
        }
        while (AllWait(ref place));
    }

    public void Count(int threads)
    {
        Executed += threads;
        if (Executed > Most)
        {
            throw new PtxException("does not end");
        }
    }

    private bool AllWait(ref int place)
    {
        var isWaiting = false;
        foreach (var warp in _warps)
        {
            isWaiting = warp.IsAtBarrier(ref place);
        }

        if (isWaiting)
        {
            Barriers++;
            Shared.Barrier();
            foreach (var warp in _warps)
            {
                warp.Release();
            }
        }

        return isWaiting;
    }
}
