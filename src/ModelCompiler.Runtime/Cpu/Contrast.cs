namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// The mean of the cross-entropies both ways between vectors of pairs, whose similarities are never stored: a block of columns of them exists at a time, for a chunk of rows.
/// Forward keeps each row's and each column's greatest similarity and log sum; backward makes the similarities again. Each way is a walk over the rows of its side, so a row's
/// sums run over columns in order within one task, and threads do not change bits.
/// </summary>
public static unsafe class Contrast
{
    /// <summary>Columns that are packed at a time; it decides the order of sums.</summary>
    internal const int ColumnBlock = 512;

    /// <summary>Rows of a task: whole tiles of every width.</summary>
    internal const int RowBlock = 96;

    /// <summary>Bytes of shared scratch memory: a block of columns, packed for both products.</summary>
    public static long SharedScratchBytes(int pairs, int width) => 2 * PackedFloats(width) * sizeof(float);

    /// <summary>Bytes of scratch memory of each thread.</summary>
    public static long WorkerScratchBytes(int width) => new ContrastScratch(width).Floats * sizeof(float);

    /// <summary>Writes the statistics and the loss.</summary>
    /// <param name="scale">What the sum over pairs of the mean of both ways is multiplied by.</param>
    public static void Forward(CpuContext context, in ContrastArguments arguments, float* scale, float* loss)
    {
        Walk(context, new ContrastJob(context, in arguments, isTurned: false));
        Walk(context, new ContrastJob(context, in arguments, isTurned: true));
        var sum = 0.0;
        for (var i = 0; i < arguments.Pairs; i++)
        {
            // A row's own similarity is the same number both ways: its products are added in the same order.
            sum += ((double)arguments.FirstLargest[i] - arguments.Own[i]) + arguments.FirstLogSum[i] + ((double)arguments.SecondLargest[i] - arguments.Own[i]) + arguments.SecondLogSum[i];
        }

        *loss = (float)(0.5 * sum * *scale);
    }

    /// <summary>Writes the gradient of the first side. That of the second is the same with the sides exchanged.</summary>
    public static void Backward(CpuContext context, in ContrastArguments arguments, in ContrastGradient gradient) =>
        Walk(context, new ContrastJob(context, in arguments, isTurned: false) { Gradient = gradient.Vectors, Adds = gradient.Adds, Factor = 0.5f * *gradient.Scale * *gradient.Loss });

    internal static long PackedFloats(int width) => ((width + 31) / 32 * 32 * (long)ColumnBlock) + Packing.Overrun + 32;

    private static void Walk(CpuContext context, ContrastJob job)
    {
        switch (context.Set)
        {
            case InstructionSet.Vector512:
                ContrastWalk<Simd512>.Run(context, ref job);
                break;
            case InstructionSet.Vector256:
                ContrastWalk<Simd256>.Run(context, ref job);
                break;
            default:
                ContrastWalk<Simd128>.Run(context, ref job);
                break;
        }
    }
}

/// <summary>Vectors of pairs and what forward keeps of their similarities.</summary>
public unsafe struct ContrastArguments
{
    /// <summary>[Pairs, Width]: similarities are their products.</summary>
    public float* First, Second;

    /// <summary>[Pairs]: greatest similarity m of a row of each side, log sum exp(s - m), and each pair's own similarity.</summary>
    public float* FirstLargest, FirstLogSum, SecondLargest, SecondLogSum, Own;

    public int Pairs, Width;
}

/// <summary>What backward adds: the gradient that it writes, and the factors that it is given.</summary>
public unsafe struct ContrastGradient
{
    public float* Vectors, Scale, Loss;

    /// <summary>It is added to what is there.</summary>
    public bool Adds;
}
