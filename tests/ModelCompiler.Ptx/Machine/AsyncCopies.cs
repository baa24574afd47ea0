using System.Runtime.CompilerServices;

namespace ModelCompiler.Ptx.Machine;

/// <summary>Copies of cp.async: they arrive when their thread waits for them, as late as the language allows.</summary>
internal sealed unsafe class AsyncCopies(Warp warp)
{
    private readonly List<Copy>[] _open = new List<Copy>[Warp.Size];
    private readonly Queue<List<Copy>>[] _committed = new Queue<List<Copy>>[Warp.Size];

    /// <param name="taken">Bytes that are read; the rest are zeros.</param>
    public void Start(int lane, ulong destination, ulong source, int bytes, int taken)
    {
        warp.Group.Shared.Copy(destination, bytes, warp.FirstThread + lane, isArriving: false);
        if (taken > 0)
        {
            // The address is a multiple of the whole size even where less is read.
            warp.Group.Global.Locate(source, taken == bytes ? bytes : 1, warp.Group.Number);
        }

        (_open[lane] ??= []).Add(new Copy(destination, source, bytes, taken));
    }

    public void Commit(int lane)
    {
        (_committed[lane] ??= []).Enqueue(_open[lane] ?? []);
        _open[lane] = [];
    }

    /// <summary>Waits for all but the latest of what was committed.</summary>
    public void Wait(int lane, int but)
    {
        while (_committed[lane]?.Count > but)
        {
            foreach (var copy in _committed[lane].Dequeue())
            {
                Arrive(lane, copy);
            }
        }
    }

    private void Arrive(int lane, Copy copy)
    {
        ref var to = ref warp.Group.Shared.Copy(copy.Destination, copy.Bytes, warp.FirstThread + lane, isArriving: true);
        Unsafe.InitBlockUnaligned(ref to, 0, (uint)copy.Bytes);
        for (var i = 0; i < copy.Taken; i++)
        {
            Unsafe.Add(ref to, i) = *warp.Group.Global.Locate(copy.Source + (ulong)i, 1, warp.Group.Number);
        }
    }

    private readonly record struct Copy(ulong Destination, ulong Source, int Bytes, int Taken);
}
