namespace ModelCompiler.Runtime.Generation.Filters;

/// <summary>Keeps the fewest most probable tokens whose probabilities reach p together, at least one.</summary>
internal static class TopP
{
    /// <param name="sorted">Room for as many scores.</param>
    /// <param name="tokens">The same for their numbers.</param>
    public static void Apply(Span<double> scores, double p, Span<double> sorted, Span<int> tokens)
    {
        var count = 0;
        for (var token = 0; token < scores.Length; token++)
        {
            if (!double.IsNegativeInfinity(scores[token]))
            {
                (sorted[count], tokens[count]) = (scores[token], token);
                count++;
            }
        }

        var shift = LogSoftmax.LogSum(sorted[..count]);
        sorted[..count].Sort(tokens[..count]);

        // From the least on, as the reference: what is removed adds up to 1 - p at most.
        var sum = 0.0;
        for (var i = 0; i < count - 1 && (sum += Math.Exp(sorted[i] - shift)) <= 1 - p; i++)
        {
            scores[tokens[i]] = double.NegativeInfinity;
        }
    }
}
