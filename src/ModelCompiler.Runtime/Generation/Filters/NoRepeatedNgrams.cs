namespace ModelCompiler.Runtime.Generation.Filters;

/// <summary>Forbids tokens that would end a sequence of some length that the row has already.</summary>
internal static class NoRepeatedNgrams
{
    public static void Apply(Span<double> scores, ReadOnlySpan<int> row, int size)
    {
        if (row.Length + 1 < size)
        {
            return;
        }

        var end = row[(row.Length - size + 1)..];
        for (var i = 0; i + size <= row.Length; i++)
        {
            if (row.Slice(i, size - 1).SequenceEqual(end))
            {
                scores[row[i + size - 1]] = double.NegativeInfinity;
            }
        }
    }
}
