namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// Losses of similarities that are never stored: a block of columns of them exists at a time, for a chunk of rows. Forward keeps numbers of each row, backward makes the
/// similarities again. A row's sums run over columns in order within one task, so threads do not change bits.
/// </summary>
public static unsafe class PairBlocks
{
    /// <summary>Columns that are packed at a time; it decides the order of sums.</summary>
    internal const int ColumnBlock = 512;

    /// <summary>Rows of a task: whole tiles of every width.</summary>
    internal const int RowBlock = 96;

    /// <summary>Bytes of shared scratch memory: a block of columns, packed for both products, and the teacher's.</summary>
    /// <param name="queued">Further columns.</param>
    /// <param name="teacherWidth">Width of the teacher's vectors; 0: there is none.</param>
    public static long SharedScratchBytes(int pairs, int queued, int width, int teacherWidth) =>
        ((2 * PackedFloats(width)) + (teacherWidth == 0 ? 0 : PackedFloats(teacherWidth))) * sizeof(float);

    /// <summary>Bytes of scratch memory of each thread.</summary>
    public static long WorkerScratchBytes(int width, int teacherWidth) => new PairScratch(width, teacherWidth).Floats * sizeof(float);

    internal static long PackedFloats(int width) => ((width + 31) / 32 * 32 * (long)ColumnBlock) + Packing.Overrun + 32;

    /// <summary>Walks over the rows of the first side: makes what forward keeps of them or, where the arguments have one, their gradient.</summary>
    internal static void Walk<TRule>(CpuContext context, in PairArguments arguments)
        where TRule : struct, IPairRule
    {
        var job = new PairJob(context, in arguments);
        switch (context.Set)
        {
            case InstructionSet.Vector512:
                PairWalk<Simd512, TRule>.Run(context, ref job);
                break;
            case InstructionSet.Vector256:
                PairWalk<Simd256, TRule>.Run(context, ref job);
                break;
            default:
                PairWalk<Simd128, TRule>.Run(context, ref job);
                break;
        }
    }
}
