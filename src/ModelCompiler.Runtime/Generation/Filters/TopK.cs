namespace ModelCompiler.Runtime.Generation.Filters;

/// <summary>Keeps the k greatest scores, and those that equal the least of them.</summary>
internal static class TopK
{
    /// <param name="sorted">Room for as many scores.</param>
    public static void Apply(Span<double> scores, int k, Span<double> sorted)
    {
        if (k >= scores.Length)
        {
            return;
        }

        // The k greatest so far, ascending: most scores are below the first of them.
        var kept = sorted[..k];
        kept.Fill(double.NegativeInfinity);
        foreach (var score in scores)
        {
            if (score > kept[0])
            {
                var at = 1;
                for (; at < k && kept[at] < score; at++)
                {
                    kept[at - 1] = kept[at];
                }

                kept[at - 1] = score;
            }
        }

        foreach (ref var score in scores)
        {
            score = score < kept[0] ? double.NegativeInfinity : score;
        }
    }
}
