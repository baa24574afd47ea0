namespace ModelCompiler.Extensions.AI;

/// <summary>Where a text that grows has to end, and how much of it can be given away already.</summary>
internal static class StopText
{
    /// <summary>The characters before the first stop sequence, or those that can be the beginning of none, and are whole.</summary>
    /// <param name="isWhole">Nothing follows any more.</param>
    public static (int Safe, bool IsStopped) Find(string text, IReadOnlyList<string> stops, bool isWhole)
    {
        var first = stops.Select(s => text.IndexOf(s, StringComparison.Ordinal)).Where(static at => at >= 0).DefaultIfEmpty(-1).Min();
        if (first >= 0)
        {
            return (first, true);
        }

        if (isWhole)
        {
            return (text.Length, false);
        }

        // Half a character reads as U+FFFD until its other bytes come.
        var safe = text.AsSpan().TrimEnd('\uFFFD').Length;
        var held = stops.Select(s => Enumerable.Range(1, s.Length - 1).LastOrDefault(n => text.AsSpan(0, safe).EndsWith(s.AsSpan(0, n), StringComparison.Ordinal))).DefaultIfEmpty(0).Max();
        return (safe - held, false);
    }
}
