using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>
/// Losses of similarities of which strips of some rows exist at a time, in scratch memory: a product, a kernel that goes over its rows, and backward another product. A row's sums do
/// not depend on the strip that it is in.
/// </summary>
public static class PairBlocks
{
    /// <summary>Similarities that a strip has at most, unless one row has more: 32 MB.</summary>
    internal const int StripFloats = 8 << 20;

    // Whole tiles of products.
    private const int RowBlock = 64;

    /// <summary>Bytes of scratch memory: a strip of similarities, and one of the teacher's.</summary>
    /// <param name="queued">Further columns.</param>
    /// <param name="teacherWidth">Width of the teacher's vectors; 0: there is none.</param>
    public static long SharedScratchBytes(int pairs, int queued, int width, int teacherWidth) =>
        (teacherWidth == 0 ? 1L : 2) * Rows(StripFloats, pairs, pairs + queued) * (pairs + queued) * sizeof(float);

    /// <summary>Calls with the first row of each strip and how many it has.</summary>
    internal static void ForEach(GpuContext context, in PairArguments a, Action<PairArguments, int, int> strip)
    {
        var most = Rows(context.StripFloats, a.Pairs, a.Columns);
        for (var first = 0; first < a.Pairs; first += most)
        {
            strip(a, first, Math.Min(most, a.Pairs - first));
        }
    }

    /// <summary>A strip in scratch memory.</summary>
    internal static ArrayView<float> Strip(GpuContext context, in PairArguments a, int rows, int number)
    {
        var count = (long)rows * a.Columns;
        return context.Scratch.SubView(number * count, count);
    }

    /// <summary>Fills the strips of some rows.</summary>
    internal static void Multiply(GpuContext context, in PairArguments a, int first, int rows)
    {
        Multiply(context, in a, a.First, a.Second, a.Queue, a.Width, first, rows, Strip(context, in a, rows, 0));
        if (a.TeacherWidth > 0)
        {
            Multiply(context, in a, a.FirstTeacher, a.SecondTeacher, a.Queue, a.TeacherWidth, first, rows, Strip(context, in a, rows, 1));
        }
    }

    /// <summary>Gradients of some rows' vectors from a strip of those of similarities.</summary>
    internal static void AddGradient(GpuContext context, in PairArguments a, int first, int rows)
    {
        var strip = Strip(context, in a, rows, 0);
        MatrixProduct product = default;
        (product.A, product.B, product.C) = (strip, a.Second, a.Gradient.SubView((long)first * a.Width, (long)rows * a.Width));
        (product.Rows, product.Columns, product.Inner) = (rows, a.Width, a.Pairs);
        (product.StrideA, product.StrideB, product.StrideC) = (a.Columns, a.Width, a.Width);
        (product.TransposeA, product.TransposeB, product.Accumulate) = (false, false, a.Adds);
        Gemm.Run(context, in product, default(NoEpilogue));
        if (a.Queued > 0)
        {
            (product.A, product.B, product.Inner, product.Accumulate) = (strip.SubView(a.Pairs, strip.Length - a.Pairs), a.Queue, a.Queued, true);
            Gemm.Run(context, in product, default(NoEpilogue));
        }
    }

    private static void Multiply(GpuContext context, in PairArguments a, ArrayView<float> from, ArrayView<float> columns, ArrayView<float> queue, int width, int first, int rows, ArrayView<float> strip)
    {
        MatrixProduct product = default;
        (product.A, product.B, product.C) = (from.SubView((long)first * width, (long)rows * width), columns, strip);
        (product.Rows, product.Columns, product.Inner) = (rows, a.Pairs, width);
        (product.StrideA, product.StrideB, product.StrideC) = (width, width, a.Columns);
        (product.TransposeA, product.TransposeB, product.Accumulate) = (false, true, false);
        Gemm.Run(context, in product, default(NoEpilogue));
        if (a.Queued > 0)
        {
            (product.B, product.C, product.Columns) = (queue, strip.SubView(a.Pairs, strip.Length - a.Pairs), a.Queued);
            Gemm.Run(context, in product, default(NoEpilogue));
        }
    }

    private static int Rows(int floats, int pairs, int columns)
    {
        var rows = Math.Clamp(floats / columns, 1, pairs);
        return rows < pairs && rows > RowBlock ? rows / RowBlock * RowBlock : rows;
    }
}
