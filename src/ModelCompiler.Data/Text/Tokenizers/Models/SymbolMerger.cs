namespace ModelCompiler.Data;

/// <summary>
/// The symbols of one piece, merged pair by pair: always the pair of the lowest rank, of equal ones the leftmost. Short pieces look for it
/// from the start each time; long ones keep a heap of pairs, so that a word of a million letters takes n log n.
/// </summary>
internal sealed class SymbolMerger
{
    /// <summary>Up to so many symbols are scanned.</summary>
    internal const int LongestScan = 64;

    private int[] _ids = new int[128], _lengths = new int[128], _previous = [], _next = [];
    private ulong[] _pairs = new ulong[128], _heap = [];
    private int _heapCount;

    public int Count { get; private set; }

    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>What each symbol covers, in whatever was added.</summary>
    public ReadOnlySpan<int> Lengths => _lengths.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(int id, int length)
    {
        if (Count == _ids.Length)
        {
            Array.Resize(ref _ids, 2 * Count);
            Array.Resize(ref _lengths, 2 * Count);
        }

        (_ids[Count], _lengths[Count]) = (id, length);
        Count++;
    }

    public void Merge(PairTable table) => Merge(table, LongestScan);

    internal void Merge(PairTable table, int longestScan)
    {
        if (Count < 2)
            return;
        if (Count <= longestScan)
            Scan(table);
        else
            MergeByHeap(table);
    }

    private void Scan(PairTable table)
    {
        if (_pairs.Length < Count)
            _pairs = new ulong[2 * Count];
        for (var i = 0; i + 1 < Count; i++)
            _pairs[i] = table.Find(_ids[i], _ids[i + 1]);
        while (Count > 1)
        {
            var (best, at) = (PairTable.None, -1);
            for (var i = 0; i + 1 < Count; i++)
            {
                if (_pairs[i] < best)
                    (best, at) = (_pairs[i], i);
            }

            if (at < 0)
                return;
            _ids[at] = (int)(uint)best;
            _lengths[at] += _lengths[at + 1];
            Count--;
            for (var i = at + 1; i < Count; i++)
                (_ids[i], _lengths[i], _pairs[i]) = (_ids[i + 1], _lengths[i + 1], _pairs[i + 1]);
            if (at > 0)
                _pairs[at - 1] = table.Find(_ids[at - 1], _ids[at]);
            if (at + 1 < Count)
                _pairs[at] = table.Find(_ids[at], _ids[at + 1]);
        }
    }

    // A chain of symbols, and a heap of (rank, place). What a merge makes wrong stays in the heap and is known by its rank when it comes up.
    private void MergeByHeap(PairTable table)
    {
        if (_next.Length < Count)
            (_previous, _next, _heap) = (new int[_ids.Length], new int[_ids.Length], new ulong[_ids.Length]);
        _heapCount = 0;
        for (var i = 0; i < Count; i++)
        {
            (_previous[i], _next[i]) = (i - 1, i + 1 < Count ? i + 1 : -1);
            if (i + 1 < Count)
                Push(table.Find(_ids[i], _ids[i + 1]), i);
        }

        while (_heapCount > 0)
        {
            var (rank, at) = Pop();
            if (_ids[at] < 0 || _next[at] is var right && right < 0 || table.Find(_ids[at], _ids[right]) is var pair && pair >> 32 != rank)
                continue;
            _ids[at] = (int)(uint)pair;
            _lengths[at] += _lengths[right];
            _ids[right] = -1;
            _next[at] = _next[right];
            if (_next[at] >= 0)
            {
                _previous[_next[at]] = at;
                Push(table.Find(_ids[at], _ids[_next[at]]), at);
            }

            if (_previous[at] >= 0)
                Push(table.Find(_ids[_previous[at]], _ids[at]), _previous[at]);
        }

        var count = 0;
        for (var i = 0; i >= 0; i = _next[i])
            (_ids[count], _lengths[count++]) = (_ids[i], _lengths[i]);
        Count = count;
    }

    private void Push(ulong pair, int place)
    {
        if (pair == PairTable.None)
            return;
        if (_heapCount == _heap.Length)
            Array.Resize(ref _heap, 2 * _heapCount);
        var entry = (pair & 0xFFFFFFFF00000000) | (uint)place;
        var at = _heapCount++;
        for (int above; at > 0 && _heap[above = (at - 1) >> 1] > entry; at = above)
            _heap[at] = _heap[above];
        _heap[at] = entry;
    }

    private (ulong Rank, int Place) Pop()
    {
        var top = _heap[0];
        var entry = _heap[--_heapCount];
        var at = 0;
        for (var below = 1; below < _heapCount; below = (2 * at) + 1)
        {
            if (below + 1 < _heapCount && _heap[below + 1] < _heap[below])
                below++;
            if (_heap[below] >= entry)
                break;
            (_heap[at], at) = (_heap[below], below);
        }

        _heap[at] = entry;
        return (top >> 32, (int)(uint)top);
    }
}
