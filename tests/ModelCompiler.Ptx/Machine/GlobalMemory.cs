namespace ModelCompiler.Ptx.Machine;

/// <summary>
/// Memory of the host as a device's: each array has addresses of its own, far from all others, so that no offset leads from one into another, and threads may
/// touch only what was said to be theirs, and not what another group of the launch is at. A launch has one of its own.
/// </summary>
internal sealed unsafe class GlobalMemory
{
    private const int Shift = 36;
    private readonly List<(nint Memory, List<(ulong Start, ulong End)> Parts, GroupTouches Touches)> _arrays = [];

    /// <summary>Lets threads touch a part of an array.</summary>
    /// <param name="memory">Where the array begins; it must stay there.</param>
    /// <param name="start">In bytes from there.</param>
    /// <returns>The part's address.</returns>
    public ulong Add(nint memory, long start, long bytes)
    {
        var number = _arrays.FindIndex(a => a.Memory == memory);
        if (number < 0)
        {
            number = _arrays.Count;
            _arrays.Add((memory, [], new GroupTouches()));
        }

        _arrays[number].Parts.Add(((ulong)start, (ulong)(start + bytes)));
        return ((ulong)(number + 1) << Shift) + (ulong)start;
    }

    /// <summary>Where an address is on the host.</summary>
    /// <param name="group">Number of the group that touches it.</param>
    /// <exception cref="PtxException">It is nobody's, or not a multiple of the size, or another group touched it.</exception>
    public byte* Locate(ulong address, int bytes, int group, bool isWritten = false, bool isAtomic = false)
    {
        var number = (int)(address >> Shift) - 1;
        var offset = address & ((1UL << Shift) - 1);
        if ((address & (ulong)(bytes - 1)) != 0)
        {
            throw new PtxException($"{bytes} bytes at the address {address:X}, which is no multiple of it");
        }

        if ((uint)number < (uint)_arrays.Count)
        {
            foreach (var (start, end) in _arrays[number].Parts)
            {
                if (offset >= start && offset + (ulong)bytes <= end)
                {
                    _arrays[number].Touches.Note(offset, bytes, group, isWritten, isAtomic);
                    return (byte*)_arrays[number].Memory + offset;
                }
            }
        }

        throw new PtxException($"{bytes} bytes at the address {address:X} are out of all arrays{Nearest(number, offset)}");
    }

    private string Nearest(int number, ulong offset) => (uint)number < (uint)_arrays.Count
        ? $": byte {offset} of array {number}, of which {string.Join(", ", _arrays[number].Parts.Select(static p => $"{p.Start} to {p.End}"))} are there"
        : "";
}
