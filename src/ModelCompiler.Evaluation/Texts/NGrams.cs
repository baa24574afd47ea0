namespace ModelCompiler.Evaluation;

/// <summary>Counts of runs of tokens.</summary>
internal static class NGrams
{
    public static Dictionary<string, int> Count(string[] tokens, int n)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i + n <= tokens.Length; i++)
        {
            var key = string.Join(' ', tokens, i, n);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        return counts;
    }

    /// <summary>Matches of a candidate, each n-gram at most as often as in the reference that has it most often.</summary>
    public static int Clipped(string[] candidate, IEnumerable<string[]> references, int n)
    {
        var most = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (key, count) in references.SelectMany(r => Count(r, n)))
        {
            most[key] = Math.Max(most.GetValueOrDefault(key), count);
        }

        return Count(candidate, n).Sum(c => Math.Min(c.Value, most.GetValueOrDefault(c.Key)));
    }

    /// <summary>Length of the reference that is closest to the candidate's; the shorter of two that are as close.</summary>
    public static int ClosestLength(int length, IEnumerable<string[]> references) =>
        references.Select(static r => r.Length).OrderBy(r => Math.Abs(r - length)).ThenBy(static r => r).First();

    /// <summary>Length of the longest common subsequence.</summary>
    public static int LongestCommon(string[] a, string[] b)
    {
        var (before, now) = (new int[b.Length + 1], new int[b.Length + 1]);
        foreach (var token in a)
        {
            for (var j = 0; j < b.Length; j++)
            {
                now[j + 1] = token == b[j] ? before[j] + 1 : Math.Max(before[j + 1], now[j]);
            }

            (before, now) = (now, before);
        }

        return before[b.Length];
    }
}
