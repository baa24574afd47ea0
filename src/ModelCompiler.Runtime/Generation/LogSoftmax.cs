namespace ModelCompiler.Runtime.Generation;

/// <summary>Scores become log probabilities; a score of -infinity stays.</summary>
internal static class LogSoftmax
{
    public static void Apply(Span<double> scores)
    {
        var shift = LogSum(scores);
        foreach (ref var score in scores)
        {
            score -= shift;
        }
    }

    /// <summary>The log of the sum of the exponentials.</summary>
    public static double LogSum(ReadOnlySpan<double> scores)
    {
        var top = double.NegativeInfinity;
        foreach (var score in scores)
        {
            top = Math.Max(top, score);
        }

        var sum = 0.0;
        foreach (var score in scores)
        {
            sum += Math.Exp(score - top);
        }

        return top + Math.Log(sum);
    }
}
