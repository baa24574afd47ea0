namespace ModelCompiler.Runtime.Generation;

/// <summary>Positions of tokens in rows that are padded on the left: counted without padding, as the reference numbers them.</summary>
internal static class PromptPositions
{
    /// <summary>Writes the positions of one row.</summary>
    /// <param name="offset">Position of the first token; padding has the one before, or 0.</param>
    public static void Fill(Span<int> positions, ReadOnlySpan<int> mask, int offset)
    {
        var next = offset;
        for (var t = 0; t < mask.Length; t++)
        {
            positions[t] = mask[t] != 0 ? next++ : Math.Max(offset - 1, 0);
        }
    }
}
