namespace ModelCompiler.Evaluation;

/// <summary>What ranks say of a retrieval. A rank counts the candidates whose score is strictly greater than the right one's: 0 is the best, and a tie is no loss.</summary>
public sealed class RankMetrics
{
    private readonly int[] _ranks;

    /// <param name="ranks">One for each query.</param>
    /// <exception cref="ArgumentException">There are none, or one is negative.</exception>
    public RankMetrics(ReadOnlySpan<int> ranks)
    {
        if (ranks.IsEmpty)
        {
            throw new ArgumentException("There are no ranks: metrics are means over queries.", nameof(ranks));
        }

        foreach (var rank in ranks)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(rank, nameof(ranks));
        }

        _ranks = ranks.ToArray();
    }

    /// <summary>The ranks, from 0, in the order of the queries.</summary>
    public IReadOnlyList<int> Ranks => _ranks;

    /// <summary>Mean rank, from 1.</summary>
    public double MeanRank => _ranks.Average() + 1;

    /// <summary>Middle rank, from 1; of an even number of queries the mean of the two in the middle.</summary>
    public double MedianRank
    {
        get
        {
            var sorted = _ranks.Order().ToArray();
            var half = sorted.Length / 2;
            return 1 + (sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2.0);
        }
    }

    /// <summary>Mean of 1 / rank, ranks from 1.</summary>
    public double MeanReciprocalRank => _ranks.Average(static r => 1.0 / (r + 1));

    /// <summary>Share of queries, 0 to 1, whose right candidate is among the first <paramref name="k"/>.</summary>
    public double Recall(int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        return _ranks.Count(r => r < k) / (double)_ranks.Length;
    }

    /// <summary>Such as <c>R@1 41.2 %, R@5 70.1 %, R@10 80.0 %, median 2, MRR 0.54</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"R@1 {100 * Recall(1):F1} %, R@5 {100 * Recall(5):F1} %, R@10 {100 * Recall(10):F1} %, median {MedianRank:0.#}, MRR {MeanReciprocalRank:F3}");
}
