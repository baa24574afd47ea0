using System.Runtime.InteropServices;

namespace ModelCompiler.Data;

/// <summary>
/// How often every pair of neighbours occurs, in which words, and which is the most frequent. The queue may hold an entry for what a pair's
/// count was: it is put right when it comes up, so that the first one that is right is the most frequent.
/// </summary>
internal sealed class PairCounts
{
    private readonly Dictionary<(int Left, int Right), int> _slots = [];
    private readonly List<Pair> _pairs = [];
    private readonly PriorityQueue<int, Rank> _queue = new();
    private readonly HashSet<int> _grown = [];

    private struct Pair
    {
        public int Left, Right;
        public long Count;
        public List<int> Words;
    }

    /// <summary>The most frequent first, then the smaller left and the smaller right id.</summary>
    private readonly record struct Rank(long Count, int Left, int Right) : IComparable<Rank>
    {
        public int CompareTo(Rank other) => Count != other.Count ? other.Count.CompareTo(Count) : Left != other.Left ? Left.CompareTo(other.Left) : Right.CompareTo(other.Right);
    }

    /// <summary>A pair occurs so many times more in a word.</summary>
    public void Add(int left, int right, long count, int word)
    {
        ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, (left, right), out var isKnown);
        if (!isKnown)
        {
            slot = _pairs.Count;
            _pairs.Add(new Pair { Left = left, Right = right, Words = [] });
        }

        ref var pair = ref CollectionsMarshal.AsSpan(_pairs)[slot];
        pair.Count += count;
        if (pair.Words.Count == 0 || pair.Words[^1] != word)
            pair.Words.Add(word);
        _grown.Add(slot);
    }

    /// <summary>A pair occurs so many times less.</summary>
    public void Remove(int left, int right, long count) => CollectionsMarshal.AsSpan(_pairs)[_slots[(left, right)]].Count -= count;

    /// <summary>The most frequent pair and the words that it may be in; false where there is none. It is gone afterwards, once it is removed from them.</summary>
    public bool TryTakeBest(out (int Left, int Right) best, out long count, out List<int> words)
    {
        var pairs = CollectionsMarshal.AsSpan(_pairs);
        foreach (var slot in _grown)
            _queue.Enqueue(slot, new(pairs[slot].Count, pairs[slot].Left, pairs[slot].Right));
        _grown.Clear();
        while (_queue.TryDequeue(out var slot, out var rank))
        {
            ref var pair = ref pairs[slot];
            if (rank.Count == pair.Count && pair.Count > 0)
            {
                (best, count, words) = ((pair.Left, pair.Right), pair.Count, pair.Words);
                pair.Words = [];
                return true;
            }

            if (pair.Count > 0 && pair.Count < rank.Count)
                _queue.Enqueue(slot, rank with { Count = pair.Count });
        }

        (best, count, words) = (default, 0, []);
        return false;
    }
}
