namespace ModelCompiler.Data;

/// <summary>A stretch of a text's tokens.</summary>
internal readonly record struct TokenWindow(int Start, int End)
{
    public int Length => End - Start;

    /// <summary>
    /// The stretches of at most <paramref name="room"/> tokens that a text is cut into, what is kept first; neighbours share
    /// <paramref name="stride"/> tokens.
    /// </summary>
    /// <exception cref="ArgumentException">The stride leaves nothing new.</exception>
    public static IEnumerable<TokenWindow> Cut(int count, int room, int stride, TokenSide side)
    {
        if (room >= count)
        {
            yield return new(0, count);
            yield break;
        }

        if (room == 0)
        {
            yield return default;
            yield return new(0, count);
            yield break;
        }

        if (stride >= room)
            throw new ArgumentException($"Rows share {stride} tokens, and have room for {room}; legal is a stride of 0..{room - 1}.");
        for (var first = 0; ; first += room - stride)
        {
            var last = Math.Min(first + room, count);
            yield return side == TokenSide.Right ? new(first, last) : new(count - last, count - first);
            if (last == count)
                yield break;
        }
    }
}
