namespace ModelCompiler.Data;

/// <summary>How many tokens of each text stay.</summary>
internal static class TruncationLengths
{
    /// <param name="second">0 where there is no second text.</param>
    /// <param name="room">Tokens without special ones, at least 0.</param>
    /// <exception cref="ArgumentException">The text that may be cut is too short for it.</exception>
    public static (int First, int Second) Of(int first, int second, bool isPair, int room, TokenTruncation truncation)
    {
        var surplus = first + second - room;
        if (truncation == TokenTruncation.None || surplus <= 0)
            return (first, second);
        if (room == 0)
            return (0, 0);
        return truncation switch
        {
            TokenTruncation.LongestFirst => LongestFirst(first, second, isPair, room),
            TokenTruncation.OnlyFirst => (Cut(first, surplus, "first"), second),
            _ => isPair ? (first, Cut(second, surplus, "second")) : throw new ArgumentException("Only the second text may be cut, and there is none."),
        };
    }

    private static (int First, int Second) LongestFirst(int first, int second, bool isPair, int room)
    {
        if (!isPair)
            return (room, 0);
        var (shorter, longer) = (Math.Min(first, second), 0);
        longer = shorter > room ? shorter : Math.Max(shorter, room - shorter);
        if (shorter + longer > room)
            (shorter, longer) = (room / 2, (room / 2) + (room % 2));
        return first > second ? (longer, shorter) : (shorter, longer);
    }

    private static int Cut(int count, int surplus, string which) => count > surplus
        ? count - surplus
        : throw new ArgumentException($"The {which} text has {count} tokens, {surplus} of which would have to go; legal is that one stays.");
}
