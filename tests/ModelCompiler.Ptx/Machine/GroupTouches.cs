namespace ModelCompiler.Ptx.Machine;

/// <summary>
/// Which groups of a launch touched an array. In which order groups run nobody knows: where one writes what another one touches, both by changes that are not
/// atomic, the result is anybody's.
/// </summary>
internal sealed class GroupTouches
{
    private const int Nobody = 0, Several = -1;

    // Two bytes are the least that kernels write, and a page is made when it is touched.
    private const int GranuleBits = 1, PageBits = 10;

    private Touch[]?[] _pages = [];

    /// <param name="offset">First byte of so many.</param>
    /// <exception cref="PtxException">Another group did what this one must not come before or behind.</exception>
    public void Note(ulong offset, int bytes, int group, bool isWritten, bool isAtomic)
    {
        var self = group + 1;
        for (var granule = offset >> GranuleBits; granule <= (offset + (ulong)bytes - 1) >> GranuleBits; granule++)
        {
            ref var touch = ref At(granule);
            var isOther = touch.Writer != Nobody && touch.Writer != self;
            if (isOther && !(isAtomic && touch.IsAtomic))
            {
                throw Race(granule, group, isWritten, touch.Writer, "wrote");
            }

            if (!isWritten)
            {
                touch.Reader = touch.Reader == Nobody || touch.Reader == self ? self : Several;
                continue;
            }

            if (touch.Reader != Nobody && touch.Reader != self)
            {
                throw Race(granule, group, isWritten, touch.Reader, "read");
            }

            // What a group also wrote otherwise stays such.
            touch.IsAtomic = isAtomic && (touch.Writer == Nobody || touch.IsAtomic);
            touch.Writer = isOther ? Several : self;
        }
    }

    private static PtxException Race(ulong granule, int group, bool isWritten, int other, string did) =>
        new($"a race: group {group} {(isWritten ? "writes" : "reads")} byte {granule << GranuleBits} of an array, which {(other == Several ? "others" : $"group {other - 1}")} {did} in the same launch");

    private ref Touch At(ulong granule)
    {
        var page = (int)(granule >> PageBits);
        if (page >= _pages.Length)
        {
            Array.Resize(ref _pages, Math.Max(page + 1, 2 * _pages.Length));
        }

        return ref (_pages[page] ??= new Touch[1 << PageBits])[(int)granule & ((1 << PageBits) - 1)];
    }

    // A group's number and one, or one of the above.
    private struct Touch
    {
        public int Writer, Reader;
        public bool IsAtomic;
    }
}
