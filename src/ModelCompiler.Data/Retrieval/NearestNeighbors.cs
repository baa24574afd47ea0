namespace ModelCompiler.Data;

/// <summary>The k best scores so far. Of equal scores the lower number is better, so that the result does not depend on the order in which they come.</summary>
internal sealed class NearestNeighbors(int k)
{
    // The worst on top.
    private readonly PriorityQueue<int, (float Score, int Number)> _best = new(k, Comparer<(float Score, int Number)>.Create(static (a, b) =>
        a.Score != b.Score ? a.Score.CompareTo(b.Score) : b.Number.CompareTo(a.Number)));

    public void Add(int number, float score)
    {
        if (float.IsNaN(score))
        {
            return;
        }

        if (_best.Count < k)
        {
            _best.Enqueue(number, (score, number));
        }
        else
        {
            _best.EnqueueDequeue(number, (score, number));
        }
    }

    public void Add(NearestNeighbors others)
    {
        foreach (var (number, (score, _)) in others._best.UnorderedItems)
        {
            Add(number, score);
        }
    }

    /// <summary>All, the best first.</summary>
    public IEnumerable<(int Number, float Score)> Ordered =>
        _best.UnorderedItems.Select(static i => (i.Element, i.Priority.Score)).OrderByDescending(static i => i.Score).ThenBy(static i => i.Element);
}
