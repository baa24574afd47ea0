using ModelCompiler.Gpu;

namespace ModelCompiler.Numerics.Tests;

/// <summary>A product of random matrices against sums in double of the same rounded elements: what differs comes from additions of floats, and from storing.</summary>
internal static class ProductComparison
{
    /// <param name="gap">Elements between rows.</param>
    /// <param name="start">Elements before the first.</param>
    public static void Run<TEpilogue, MA, MB, MC>(
        GpuContext context, (int Rows, int Columns, int Inner) size, (bool A, bool B) transpose, bool accumulate, int gap, int start, TEpilogue epilogue, Func<double, int, int, double> expectedOf)
        where TEpilogue : struct, IEpilogue
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        var (rows, columns, inner) = size;
        using var a = transpose.A ? Matrix(inner, rows, 1) : Matrix(rows, inner, 1);
        using var b = transpose.B ? Matrix(columns, inner, 2) : Matrix(inner, columns, 2);
        using var c = Matrix(rows, columns, 3);
        var (left, right, before) = (Of<MA>(a), Of<MB>(b), c.Stored<MC>());
        Gemm.Run(context, Product(a.As<MA>(), b.As<MB>(), c.As<MC>(), size, (a.Stride, b.Stride, c.Stride), transpose, accumulate), epilogue);
        var after = c.Stored<MC>();
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var at = (row * c.Stride) + column;
                var (sum, magnitude) = accumulate ? (before[at], Math.Abs(before[at])) : (0.0, 0.0);
                for (var k = 0; k < inner; k++)
                {
                    var term = left[transpose.A ? (k * a.Stride) + row : (row * a.Stride) + k] * right[transpose.B ? (column * b.Stride) + k : (k * b.Stride) + column];
                    (sum, magnitude) = (sum + term, magnitude + Math.Abs(term));
                }

                // Terms are exact; each addition loses 2^-24 of what it gives at most, here and in the epilogue, and storing 16 bits 2^-8 of it.
                var expected = expectedOf(sum, row, column);
                var bound = Math.ScaleB(((inner + 1) * magnitude) + (4 * (Math.Abs(sum) + row + column)), -24) + (typeof(MC) == typeof(NarrowMatrix) ? Math.ScaleB(Math.Abs(expected), -8) : 0);
                Assert.True(Math.Abs(expected - after[at]) <= bound * 1.01, $"{size} at {row}, {column}: {after[at]} instead of {expected}, which may differ by {bound}");
            }
        }

        // What lies between rows is nobody's.
        for (var at = 0; at < after.Length; at++)
        {
            Assert.True(at % c.Stride < columns || after[at] == before[at], $"{size}: element {at} is outside of the result");
        }

        DeviceMatrix Matrix(int rows, int columns, int seed) => new(context.Accelerator, rows, columns, gap, start, seed);

        double[] Of<M>(DeviceMatrix matrix)
            where M : struct, IMatrix => M.IsWide && !context.UsesTf32 ? matrix.Stored<M>() : matrix.Multiplied<M>();
    }

    /// <summary>The same with formulas that know the place of every element.</summary>
    public static void Run<MA, MB, MC>(GpuContext context, (int Rows, int Columns, int Inner) size, (bool A, bool B) transpose, bool accumulate, int gap, int start)
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix => Run<Tilted, MA, MB, MC>(context, size, transpose, accumulate, gap, start, default, Tilted.Of);

    public static MatrixProduct<MA, MB, MC> Product<MA, MB, MC>(
        MA a, MB b, MC c, (int Rows, int Columns, int Inner) size, (int A, int B, int C) stride, (bool A, bool B) transpose, bool accumulate)
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix => new()
        {
            A = a,
            B = b,
            C = c,
            Rows = size.Rows,
            Columns = size.Columns,
            Inner = size.Inner,
            StrideA = stride.A,
            StrideB = stride.B,
            StrideC = stride.C,
            TransposeA = transpose.A,
            TransposeB = transpose.B,
            Accumulate = accumulate,
        };

    /// <summary>Knows the place of every element.</summary>
    internal struct Tilted : IEpilogue
    {
        public static double Of(double value, int row, int column) => (2 * value) + row - (0.5 * column);

        public readonly float Apply(float value, int row, int column) => (2 * value) + row - (0.5f * column);
    }
}
