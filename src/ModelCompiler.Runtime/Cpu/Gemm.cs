namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// Matrix products. B is packed piece by piece into panels of 2 vectors, shared by all threads; each thread reads the rows of A that it
/// multiplies in place, or packs them block by block of the inner dimension, and runs the epilogue on a tile as soon as its last
/// block is added. Packing is also where narrow elements become floats. An element's sum runs over k in order within a block and over blocks in order, whoever computes it: threads do
/// not change bits. What has few rows goes to <see cref="RowProduct"/>.
/// </summary>
public static unsafe class Gemm
{
    /// <summary>Columns that are packed at a time: one for each KB of the second-level cache, from which the panels are read again for every tile of rows.</summary>
    internal static readonly int ColumnBlock = (int)Math.Clamp(Caches.Level2Bytes / 1024, 256, 2048) / 32 * 32;

    // Rows of B that are packed at a time where all columns of a block are: long sums over tokens would else push the panels out to memory.
    private const int DepthOfWholeBlock = 1024;

    /// <summary>Most rows of tiles in a chunk.</summary>
    internal const int TileRowsPerChunk = 16;

    /// <summary>Bytes of shared scratch memory: the packed columns of B, and partial results where the inner dimension is split.</summary>
    public static long SharedScratchBytes(int rows, int columns, int inner) => (PackedFloats(rows, columns, inner) + PartialFloats(rows, columns, inner)) * sizeof(float);

    /// <summary>The same where C is narrow: instead of partial results the sums of the blocks before the last, of the columns that are packed at a time.</summary>
    public static long NarrowScratchBytes(int rows, int columns, int inner) =>
        (PackedFloats(rows, columns, inner) + (inner > Schedule.InnerBlock(inner) ? (long)rows * Math.Min(columns, ColumnBlock) : 0)) * sizeof(float);

    /// <summary>Bytes of scratch memory of each thread: the packed rows of A, and a tile.</summary>
    public static long WorkerScratchBytes { get; } = (EdgeOffset + (12 * 32)) * sizeof(float);

    /// <summary>Where the tile lies in a thread's scratch memory, in floats.</summary>
    internal const int EdgeOffset = (TileRowsPerChunk * 12 * 512) + 32;

    /// <summary>Computes the product. Sizes are 1 or more.</summary>
    public static void Run<E>(CpuContext context, in MatrixProduct product, E epilogue)
        where E : unmanaged, IEpilogue => Run(context, MatrixProduct<float, float, float>.Of(in product), epilogue);

    /// <summary>The same of matrices with other elements.</summary>
    public static void Run<E, TA, TB, TC>(CpuContext context, in MatrixProduct<TA, TB, TC> product, E epilogue)
        where E : unmanaged, IEpilogue
        where TA : unmanaged
        where TB : unmanaged
        where TC : unmanaged
    {
        if (RowProduct.Takes(in product))
        {
            RowProduct.Run(context, in product, epilogue);
            return;
        }

        switch (context.Set)
        {
            case InstructionSet.Vector512:
                GemmDriver<E, Simd512, TA, TB, TC>.Run(context, in product, epilogue);
                break;
            case InstructionSet.Vector256:
                GemmDriver<E, Simd256, TA, TB, TC>.Run(context, in product, epilogue);
                break;
            default:
                GemmDriver<E, Simd128, TA, TB, TC>.Run(context, in product, epilogue);
                break;
        }
    }

    internal static long PackedFloats(int rows, int columns, int inner) => ((long)PackedColumns(columns) * PackedDepth(rows, columns, inner)) + 32;

    /// <summary>
    /// Rows of B that are packed at a time: all of them, or whole blocks of the inner dimension. Blocks are added in the same order, so
    /// this changes no bits. Splits of the inner dimension run side by side and need all.
    /// </summary>
    internal static int PackedDepth(int rows, int columns, int inner)
    {
        var block = Schedule.InnerBlock(inner);
        var most = DepthOfWholeBlock * ColumnBlock / PackedColumns(columns) / block * block;
        return Schedule.InnerSplits(rows, columns, inner) > 1 ? inner : Math.Min(Math.Max(most, block), inner);
    }

    private static int PackedColumns(int columns) => Math.Min((columns + 31) / 32 * 32, ColumnBlock);

    private static long PartialFloats(int rows, int columns, int inner) =>
        Schedule.InnerSplits(rows, columns, inner) is > 1 and var splits ? splits * (long)rows * columns : 0;
}
