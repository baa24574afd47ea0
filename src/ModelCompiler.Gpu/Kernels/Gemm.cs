using ILGPU;

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

        if (context.HasTensorCores && !MA.IsWide && !MB.IsWide && (MA.IsRounded || MB.IsRounded) && TensorForms.Take(in product))
        {
            RunRounded(context, in product, epilogue);
            return;
        }

        RunParts(context, in product, epilogue);
    }

    // Floats that are rounded to 16 bits are so once, not by every group that reads them.
    private static void RunRounded<TEpilogue, MA, MB, MC>(GpuContext context, in MatrixProduct<MA, MB, MC> product, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        var (elementsA, elementsB) = (MA.IsRounded ? RoundedElements((long)product.Rows * product.Inner) : 0, MB.IsRounded ? RoundedElements((long)product.Inner * product.Columns) : 0);
        if (2 * (elementsA + elementsB) > context.ScratchBytes)
        {
            throw new InvalidOperationException($"A product takes {2 * (elementsA + elementsB)} bytes of scratch memory, of which there are {context.ScratchBytes}.");
        }

        var scratch = context.Scratch.Cast<BFloat16>();
        MatrixProduct<NarrowMatrix, MB, MC> left = default;
        (left.B, left.C, left.StrideB, left.StrideC) = (product.B, product.C, product.StrideB, product.StrideC);
        (left.Rows, left.Columns, left.Inner, left.TransposeA, left.TransposeB, left.Accumulate) = (product.Rows, product.Columns, product.Inner, product.TransposeA, product.TransposeB, product.Accumulate);
        (left.A, left.StrideA) = Rounded(context, product.A, product.TransposeA ? product.Inner : product.Rows, product.TransposeA ? product.Rows : product.Inner, product.StrideA, scratch);

        MatrixProduct<NarrowMatrix, NarrowMatrix, MC> both = default;
        (both.A, both.C, both.StrideA, both.StrideC) = (left.A, left.C, left.StrideA, left.StrideC);
        (both.Rows, both.Columns, both.Inner, both.TransposeA, both.TransposeB, both.Accumulate) = (left.Rows, left.Columns, left.Inner, left.TransposeA, left.TransposeB, left.Accumulate);
        (both.B, both.StrideB) = Rounded(context, left.B, left.TransposeB ? left.Columns : left.Inner, left.TransposeB ? left.Inner : left.Columns, left.StrideB, scratch.SubView(elementsA, elementsB));
        RunParts(context, in both, epilogue);
    }

    // A factor as 16 bits, without what lies between its rows if it is copied.
    private static (NarrowMatrix Matrix, int Stride) Rounded<M>(GpuContext context, M matrix, int rows, int columns, int stride, ArrayView<BFloat16> to)
        where M : struct, IMatrix
    {
        if (matrix is NarrowMatrix narrow)
        {
            return (narrow, stride);
        }

        RoundedCopy.Run(context, matrix, rows, columns, stride, to);
        return (new NarrowMatrix(to), columns);
    }

    // In one part of the inner dimension, or in several whose sums are added up.
    private static void RunParts<TEpilogue, MA, MB, MC>(GpuContext context, in MatrixProduct<MA, MB, MC> product, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        var byTensorCores = context.HasTensorCores && (!MA.IsWide || context.UsesTf32) && TensorForms.Take(in product);
        var form = context.FormOf(product.Rows, product.Columns, product.Inner, byTensorCores, isWide: MA.IsWide);
        if (form.Parts == 1)
        {
            Run(context, in product, epilogue, form, byTensorCores);
            return;
        }

        var sums = context.Sums;
        MatrixProduct<MA, MB, FloatMatrix> parts = default;
        (parts.A, parts.B, parts.C, parts.StrideA, parts.StrideB, parts.StrideC) = (product.A, product.B, new(sums), product.StrideA, product.StrideB, product.Columns);
        (parts.Rows, parts.Columns, parts.Inner, parts.TransposeA, parts.TransposeB) = (product.Rows, product.Columns, product.Inner, product.TransposeA, product.TransposeB);
        ProductEnd.Run(context, sums, in product, epilogue, 0, product.Rows, Run(context, in parts, default(NoEpilogue), form, byTensorCores));
    }

    // Gives the number of parts that were made.
    private static int Run<TEpilogue, MA, MB, MC>(GpuContext context, in MatrixProduct<MA, MB, MC> product, TEpilogue epilogue, ProductForm form, bool byTensorCores)
        where TEpilogue : struct, IEpilogue
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        GemmArguments<TEpilogue, MA, MB, MC> a = default;
        (a.A, a.B, a.C, a.Epilogue, a.Accumulates) = (product.A, product.B, product.C, epilogue, product.Accumulate ? 1 : 0);
        (a.StrideA, a.StrideB, a.StrideC) = (product.StrideA, product.StrideB, product.StrideC);
        (a.Rows, a.Columns, a.Inner) = (product.Rows, product.Columns, product.Inner);
        a.HasPairs = ((a.StrideC | a.Columns) & 1) == 0 && a.C.IsAligned ? 1 : 0;
        return (product.TransposeA, product.TransposeB) switch
        {
            (false, false) => Run<TEpilogue, RowMajor, RowMajor, MA, MB, MC>(context, a, form, byTensorCores),
            (false, true) => Run<TEpilogue, RowMajor, ColumnMajor, MA, MB, MC>(context, a, form, byTensorCores),
            (true, false) => Run<TEpilogue, ColumnMajor, RowMajor, MA, MB, MC>(context, a, form, byTensorCores),
            _ => Run<TEpilogue, ColumnMajor, ColumnMajor, MA, MB, MC>(context, a, form, byTensorCores),
        };
    }

    private static int Run<TEpilogue, TA, TB, MA, MB, MC>(GpuContext context, GemmArguments<TEpilogue, MA, MB, MC> a, ProductForm form, bool byTensorCores)
        where TEpilogue : struct, IEpilogue
        where TA : struct, ILayout
        where TB : struct, ILayout
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix => !context.HasGroupMemory ? GemmLaunches.ByThreads<TEpilogue, TA, TB, MA, MB, MC>(context, a)
            : !byTensorCores ? GemmLaunches.ByGroups<TEpilogue, TA, TB, MA, MB, MC>(context, a, form)
            : MA.IsWide ? GemmLaunches.ByTensorCores<Tf32Kind, TEpilogue, TA, TB, MA, MB, MC>(context, a, form)
            : GemmLaunches.ByTensorCores<NarrowKind, TEpilogue, TA, TB, MA, MB, MC>(context, a, form);
}
