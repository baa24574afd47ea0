namespace ModelCompiler.Runtime.Cpu;

/// <summary>Where a task's packed matrices lie in its thread's scratch memory, in floats. Padded to tiles of every width.</summary>
internal readonly struct AttentionScratch
{
    /// <summary>Extents of padded buffers: keys to whole tiles of rows and columns, head width to whole panels.</summary>
    public readonly int PaddedKeys, PaddedWidth;

    /// <summary>0 where a key is seen, else -infinity.</summary>
    public readonly long Mask;

    /// <summary>Panels of K^T and V^T [width, keys], panels of K and V [keys, width].</summary>
    public readonly long KeysTransposed, ValuesTransposed, KeyPanels, ValuePanels;

    /// <summary>Of a block of queries: Q and dO packed by rows and by panels, probabilities, their gradients, a tile of a result.</summary>
    public readonly long QueryRows, QueryPanels, GradientRows, GradientPanels, Scores, ScoreGradients, Result;

    /// <summary>Sums of the gradients of keys and values.</summary>
    public readonly long KeySums, ValueSums;

    public readonly long Floats;

    public AttentionScratch(int keys, int headWidth)
    {
        // Rows of scores lie apart by no multiple of 1 KB: those would fall into the same sets of the first-level cache.
        PaddedKeys = ((keys + 31) / 32 * 32) + 16;
        PaddedKeys += PaddedKeys % 256 == 0 ? 16 : 0;
        PaddedWidth = (headWidth + 31) / 32 * 32;
        var at = 0L;
        Mask = Take(PaddedKeys);
        KeysTransposed = Take(PaddedKeys * (long)headWidth);
        ValuesTransposed = Take(PaddedKeys * (long)headWidth);
        KeyPanels = Take(PaddedKeys * (long)PaddedWidth);
        ValuePanels = Take(PaddedKeys * (long)PaddedWidth);
        QueryRows = Take(Attention.QueryBlock * (long)headWidth);
        QueryPanels = Take(Attention.QueryBlock * (long)PaddedWidth);
        GradientRows = Take(Attention.QueryBlock * (long)headWidth);
        GradientPanels = Take(Attention.QueryBlock * (long)PaddedWidth);
        Scores = Take((Attention.QueryBlock + 12) * (long)PaddedKeys);
        ScoreGradients = Take((Attention.QueryBlock + 12) * (long)PaddedKeys);
        Result = Take(12 * 32);
        KeySums = Take(PaddedKeys * (long)PaddedWidth);
        ValueSums = Take(PaddedKeys * (long)PaddedWidth);
        Floats = at;

        long Take(long count)
        {
            var start = at;
            at += (count + Packing.Overrun + 31) / 32 * 32;
            return start;
        }
    }
}
