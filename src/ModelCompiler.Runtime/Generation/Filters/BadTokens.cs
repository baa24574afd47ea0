namespace ModelCompiler.Runtime.Generation.Filters;

/// <summary>Forbids the last token of each unwanted sequence where the row ends with those before it.</summary>
internal static class BadTokens
{
    public static void Apply(Span<double> scores, ReadOnlySpan<int> row, IReadOnlyList<int[]> unwanted)
    {
        foreach (var sequence in unwanted)
        {
            if (row.EndsWith(sequence.AsSpan(0, sequence.Length - 1)))
            {
                scores[sequence[^1]] = double.NegativeInfinity;
            }
        }
    }
}
