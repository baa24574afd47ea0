namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// The choices that decide in which order numbers are added, and hence the bits of results. All are functions of shapes alone:
/// never of the number of threads, the caches or the clock.
/// </summary>
public static class Schedule
{
    /// <summary>Rows of a chunk of a row kernel: about 8,192 values, few enough that many threads have work and more than claiming a chunk costs.</summary>
    public static int RowsPerChunk(int columns) => Math.Clamp(8192 / Math.Max(columns, 1), 4, 64);

    /// <summary>The same where sums over rows are added up chunk by chunk: more rows, because each chunk has sums of its own.</summary>
    public static int SummedRowsPerChunk(int columns) => Math.Clamp(16384 / Math.Max(columns, 1), 8, 64);

    /// <summary>Length of the blocks in which a product's inner dimension is summed: equal blocks of at most 512, in multiples of 16.</summary>
    public static int InnerBlock(int inner)
    {
        var blocks = (inner + 511) / 512;
        return ((inner + blocks - 1) / blocks + 15) / 16 * 16;
    }

    /// <summary>
    /// Parts of a product's inner dimension that are summed side by side and then added in order. More than one only where the result
    /// has too few tiles of 12 x 32 to keep many cores busy: gradients of small weights over many tokens.
    /// </summary>
    public static int InnerSplits(int rows, int columns, int inner)
    {
        var tiles = ((rows + 11) / 12) * (long)((columns + 31) / 32);
        return (int)Math.Clamp(Math.Min(inner / 512, 128 / tiles), 1, 64);
    }

    /// <summary>Floats that are summed in one go for a gradient's norm, and updated in one go by the optimizer.</summary>
    public const int ElementChunk = 16384;
}
