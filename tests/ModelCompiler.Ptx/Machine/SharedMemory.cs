using System.Numerics;

namespace ModelCompiler.Ptx.Machine;

/// <summary>
/// Memory of a group, which knows who touched what since the last barrier: a thread that touches what another one has touched, one of them writing, is an
/// error, as are reads of what nobody wrote. That threads of a warp go in step orders nothing; bar.warp.sync does.
/// </summary>
internal sealed class SharedMemory
{
    private const short Several = -1;
    private readonly byte[] _memory;
    private readonly Touch[] _written, _read;
    private readonly bool[] _isThere;
    private readonly int[] _inFlight, _phases;
    private readonly int _shift;
    private int _turn, _first;

    /// <param name="variables">Start and size of each.</param>
    /// <param name="granule">The fewest bytes that an instruction touches at once.</param>
    public SharedMemory(IEnumerable<(int Start, int Bytes)> variables, int granule, int warps)
    {
        _shift = BitOperations.Log2((uint)granule);
        var all = variables.ToArray();
        var bytes = all.Select(static v => v.Start + v.Bytes).DefaultIfEmpty(0).Max();
        _memory = new byte[bytes + 16];
        var count = (_memory.Length >> _shift) + 1;
        (_written, _read, _isThere, _inFlight, _phases) = (new Touch[count], new Touch[count], new bool[count], new int[count], new int[warps]);
        foreach (var (start, size) in all)
        {
            Array.Fill(_isThere, true, start >> _shift, size >> _shift);
        }
    }

    /// <summary>A group begins: nothing is written yet.</summary>
    public void Begin()
    {
        _first = ++_turn;
        Array.Clear(_inFlight);
    }

    public void Barrier() => _turn++;

    /// <summary>Orders what the threads of a warp did before what they will do.</summary>
    public void Fence(int warp) => _phases[warp]++;

    public ref byte Read(ulong address, int bytes, int thread)
    {
        var (first, end) = Bounds(address, bytes);
        for (var i = first; i < end; i++)
        {
            if (_written[i].Turn < _first)
            {
                throw new PtxException($"thread {thread} reads byte {i << _shift} of shared memory, which nobody wrote");
            }

            Check(_written[i], i, thread, "reads", "wrote");
            Note(ref _read[i], thread);
        }

        return ref _memory[(int)address];
    }

    public ref byte Write(ulong address, int bytes, int thread, bool isAtomic = false)
    {
        var (first, end) = Bounds(address, bytes);
        for (var i = first; i < end; i++)
        {
            if (isAtomic && _written[i].Turn < _first)
            {
                throw new PtxException($"thread {thread} adds to byte {i << _shift} of shared memory, which nobody wrote");
            }

            if (!isAtomic || !_written[i].IsAtomic)
            {
                Check(_written[i], i, thread, "writes", "wrote");
            }

            Check(_read[i], i, thread, "writes", "read");
            // One atomic change behind another's is of several threads.
            var isShared = isAtomic && _written[i].Turn == _turn && _written[i].Thread != thread;
            var warp = isShared && _written[i].Warp != thread / Warp.Size ? Several : (short)(thread / Warp.Size);
            _written[i] = new Touch(_turn, warp < 0 ? 0 : _phases[warp], warp, isShared ? Several : (short)thread, isAtomic);
        }

        return ref _memory[(int)address];
    }

    /// <summary>Bytes begin to be copied, or arrive: between the two nobody may touch them.</summary>
    public ref byte Copy(ulong address, int bytes, int thread, bool isArriving)
    {
        var (first, end) = ((int)address >> _shift, (int)((address + (ulong)bytes - 1) >> _shift) + 1);
        if (isArriving)
        {
            for (var i = first; i < end; i++)
            {
                _inFlight[i]--;
            }
        }

        ref var place = ref Write(address, bytes, thread);
        if (!isArriving)
        {
            for (var i = first; i < end; i++)
            {
                _inFlight[i]++;
            }
        }

        return ref place;
    }

    private (int First, int End) Bounds(ulong address, int bytes)
    {
        if ((address & (ulong)(bytes - 1)) != 0)
        {
            throw new PtxException($"{bytes} bytes at {address} of shared memory, which is no multiple of it");
        }

        if (address > (ulong)_memory.Length || address + (ulong)bytes > (ulong)_memory.Length)
        {
            throw new PtxException($"{bytes} bytes at {address} are out of shared memory");
        }

        var (first, end) = ((int)address >> _shift, ((int)address + bytes) >> _shift);
        for (var i = first; i < end; i++)
        {
            if (!_isThere[i])
            {
                throw new PtxException($"byte {i << _shift} is in no variable of shared memory");
            }

            if (_inFlight[i] > 0)
            {
                throw new PtxException($"byte {i << _shift} of shared memory is touched while it is copied to: nobody has waited for the copy");
            }
        }

        return (first, end);
    }

    private void Check(in Touch before, int granule, int thread, string does, string did)
    {
        if (before.Turn == _turn && before.Thread != thread && !(before.Warp == thread / Warp.Size && before.Phase < _phases[before.Warp]))
        {
            throw new PtxException($"a race: thread {thread} {does} byte {granule << _shift} of shared memory, which {(before.Thread >= 0 ? $"thread {before.Thread}" : "others")} {did} without a barrier since");
        }
    }

    // Several readers are remembered as such: whoever writes then races with one of them at least.
    private void Note(ref Touch read, int thread)
    {
        var warp = thread / Warp.Size;
        read = read.Turn != _turn || (read.Warp == warp && (read.Phase < _phases[warp] || read.Thread == thread)) ? new Touch(_turn, _phases[warp], (short)warp, (short)thread)
            : read.Warp == warp ? read with { Thread = Several }
            : new Touch(_turn, 0, Several, Several);
    }

    private readonly record struct Touch(int Turn, int Phase, short Warp, short Thread, bool IsAtomic = false);
}
