namespace ModelCompiler.Runtime.Generation.Filters;

/// <summary>Makes tokens that the row has less likely: a positive score is divided, another multiplied, each once.</summary>
internal static class RepetitionPenalty
{
    public static void Apply(Span<double> scores, ReadOnlySpan<int> row, double penalty)
    {
        for (var i = 0; i < row.Length; i++)
        {
            if (!row[..i].Contains(row[i]))
            {
                ref var score = ref scores[row[i]];
                score = score < 0 ? score * penalty : score / penalty;
            }
        }
    }
}
