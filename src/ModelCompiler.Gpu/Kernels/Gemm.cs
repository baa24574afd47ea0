namespace ModelCompiler.Gpu;

/// <summary>Matrix products: cuBLAS where it is better, else the form that suits the device, with the epilogue applied to sums while they are in registers.</summary>
public static class Gemm
{
    // 256 bytes.
    private const int Alignment = 128;

    /// <summary>Scratch memory for a factor that is rounded to 16 bits, if it is stored so first.</summary>
    public static long RoundedBytes(long rows, long columns) => 2 * RoundedElements(rows * columns);

    /// <summary>Elements of scratch memory that a rounded factor takes.</summary>
    internal static long RoundedElements(long elements) => (elements + Alignment - 1) / Alignment * Alignment;

    public static void Run<TEpilogue>(GpuContext context, in MatrixProduct product, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue
    {
        // Tensor cores copy 16 bytes at once in a way of their own.
        var mayHaveQuads = context.HasGroupMemory && !(context.HasTensorCores && context.Device.UsesTf32);
        var hasQuadsA = mayHaveQuads && QuadMatrix.Takes(product.A, product.TransposeA ? product.Rows : product.Inner, product.StrideA);
        var hasQuadsB = mayHaveQuads && QuadMatrix.Takes(product.B, product.TransposeB ? product.Inner : product.Columns, product.StrideB);
        switch (hasQuadsA, hasQuadsB)
        {
            case (true, true):
                Run(context, in product, new QuadMatrix(product.A), new QuadMatrix(product.B), epilogue);
                break;
            case (true, false):
                Run(context, in product, new QuadMatrix(product.A), new FloatMatrix(product.B), epilogue);
                break;
            case (false, true):
                Run(context, in product, new FloatMatrix(product.A), new QuadMatrix(product.B), epilogue);
                break;
            default:
                Run(context, in product, new FloatMatrix(product.A), new FloatMatrix(product.B), epilogue);
                break;
        }
    }

    private static void Run<TEpilogue, MA, MB>(GpuContext context, in MatrixProduct product, MA a, MB b, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue
        where MA : struct, IMatrix
        where MB : struct, IMatrix
    {
        MatrixProduct<MA, MB, FloatMatrix> p = default;
        (p.A, p.B, p.C, p.Accumulate) = (a, b, new(product.C), product.Accumulate);
        (p.StrideA, p.StrideB, p.StrideC) = (product.StrideA, product.StrideB, product.StrideC);
        (p.Rows, p.Columns, p.Inner) = (product.Rows, product.Columns, product.Inner);
        (p.TransposeA, p.TransposeB) = (product.TransposeA, product.TransposeB);
        Run(context, in p, epilogue);
    }

    /// <summary>The same of matrices with other elements.</summary>
    public static void Run<TEpilogue, MA, MB, MC>(GpuContext context, in MatrixProduct<MA, MB, MC> product, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        context.Shapes?.Add(ProductShape.Of(in product, context.UsesTf32, typeof(TEpilogue) != typeof(NoEpilogue)));
        if (context.Cublas?.Run(in product, epilogue) == true)
        {
            return;
        }

        GemmArguments<TEpilogue, MA, MB, MC> a = default;
        (a.A, a.B, a.C, a.Epilogue, a.Accumulates) = (product.A, product.B, product.C, epilogue, product.Accumulate ? 1 : 0);
        (a.StrideA, a.StrideB, a.StrideC) = (product.StrideA, product.StrideB, product.StrideC);
        (a.Rows, a.Columns, a.Inner) = (product.Rows, product.Columns, product.Inner);
        var byTensorCores = context.HasTensorCores && (!MA.IsWide || context.UsesTf32) && TensorForms.Take(in product);
        switch (product.TransposeA, product.TransposeB)
        {
            case (false, false):
                Run<TEpilogue, RowMajor, RowMajor, MA, MB, MC>(context, a, byTensorCores);
                break;
            case (false, true):
                Run<TEpilogue, RowMajor, ColumnMajor, MA, MB, MC>(context, a, byTensorCores);
                break;
            case (true, false):
                Run<TEpilogue, ColumnMajor, RowMajor, MA, MB, MC>(context, a, byTensorCores);
                break;
            default:
                Run<TEpilogue, ColumnMajor, ColumnMajor, MA, MB, MC>(context, a, byTensorCores);
                break;
        }
    }

    private static void Run<TEpilogue, TA, TB, MA, MB, MC>(GpuContext context, GemmArguments<TEpilogue, MA, MB, MC> a, bool byTensorCores)
        where TEpilogue : struct, IEpilogue
        where TA : struct, ILayout
        where TB : struct, ILayout
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        if (!context.HasGroupMemory)
        {
            const int Threads = 64;
            a.Divide(GemmByThreads.Rows, GemmByThreads.Columns);
            var threads = context.GroupSize(Threads);
            context.Launch(GemmByThreads.Body<TEpilogue, TA, TB, MA, MB, MC>, (a.Tiles + threads - 1) / threads, threads, in a);
            return;
        }

        if (byTensorCores)
        {
            if (MA.IsWide)
            {
                RunByTensorCores<Tf32Kind, TEpilogue, TA, TB, MA, MB, MC>(context, a);
            }
            else
            {
                RunByTensorCores<NarrowKind, TEpilogue, TA, TB, MA, MB, MC>(context, a);
            }

            return;
        }

        // Large tiles read less; small ones keep every multiprocessor at work.
        a.Divide(LargeTile.Width, LargeTile.Width);
        if (a.Tiles >= context.Multiprocessors)
        {
            context.Launch(GemmByGroups<LargeTile>.Body<TEpilogue, TA, TB, MA, MB, MC>, a.Tiles, LargeTile.Side * LargeTile.Side, in a);
            return;
        }

        a.Divide(SmallTile.Width, SmallTile.Width);
        context.Launch(GemmByGroups<SmallTile>.Body<TEpilogue, TA, TB, MA, MB, MC>, a.Tiles, SmallTile.Side * SmallTile.Side, in a);
    }

    private static void RunByTensorCores<TKind, TEpilogue, TA, TB, MA, MB, MC>(GpuContext context, GemmArguments<TEpilogue, MA, MB, MC> a)
        where TKind : struct, ITensorKind
        where TEpilogue : struct, IEpilogue
        where TA : struct, ILayout
        where TB : struct, ILayout
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        a.Divide(1 << LargeTensorTile.Bits, 1 << LargeTensorTile.Bits);
        if (a.Tiles >= context.Multiprocessors)
        {
            context.Launch(GemmByTensorCores<TKind, LargeTensorTile>.Body<TEpilogue, TA, TB, MA, MB, MC>, a.Tiles, LargeTensorTile.Threads, in a);
            return;
        }

        a.Divide(1 << SmallTensorTile.Bits, 1 << SmallTensorTile.Bits);
        context.Launch(GemmByTensorCores<TKind, SmallTensorTile>.Body<TEpilogue, TA, TB, MA, MB, MC>, a.Tiles, SmallTensorTile.Threads, in a);
    }
}
