using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>
/// Matrix products for any device and any size of groups: a thread sums tiles of 4 x 8 in registers, straight from global memory, and the
/// epilogue is applied to them there. Each element is one sum in ascending order of the inner dimension.
/// </summary>
public static class Gemm
{
    private const int TileRows = 4, TileColumns = 8, Threads = 64;

    /// <summary>None.</summary>
    public static long SharedScratchBytes(int rows, int columns, int inner) => 0;

    public static void Run<TEpilogue>(GpuContext context, in MatrixProduct product, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue
    {
        Arguments<TEpilogue> a = default;
        (a.A, a.B, a.C, a.Epilogue, a.Accumulates) = (product.A, product.B, product.C, epilogue, product.Accumulate ? 1 : 0);
        (a.StrideA, a.StrideB, a.StrideC) = (product.StrideA, product.StrideB, product.StrideC);
        (a.Rows, a.Columns, a.Inner) = (product.Rows, product.Columns, product.Inner);
        a.TilesInRow = (a.Columns + TileColumns - 1) / TileColumns;
        a.Tiles = (a.Rows + TileRows - 1) / TileRows * a.TilesInRow;
        var threads = context.GroupSize(Threads);
        var groups = (a.Tiles + threads - 1) / threads;
        switch (product.TransposeA, product.TransposeB)
        {
            case (false, false):
                context.Launch(Body<TEpilogue, RowMajor, RowMajor>, groups, threads, in a);
                break;
            case (false, true):
                context.Launch(Body<TEpilogue, RowMajor, ColumnMajor>, groups, threads, in a);
                break;
            case (true, false):
                context.Launch(Body<TEpilogue, ColumnMajor, RowMajor>, groups, threads, in a);
                break;
            default:
                context.Launch(Body<TEpilogue, ColumnMajor, ColumnMajor>, groups, threads, in a);
                break;
        }
    }

    private static void Body<TEpilogue, TA, TB>(Arguments<TEpilogue> a)
        where TEpilogue : struct, IEpilogue
        where TA : struct, ILayout
        where TB : struct, ILayout
    {
        var (thread, threads, group, groups) = (Group.IdxX, Group.DimX, Grid.IdxX, Grid.DimX);
        for (var tile = (group * threads) + thread; tile < a.Tiles; tile += groups * threads)
        {
            var row = tile / a.TilesInRow * TileRows;
            var column = tile % a.TilesInRow * TileColumns;
            Eight s0 = default, s1 = default, s2 = default, s3 = default;

            // What lies outside is read inside, at the last row or column, and never stored.
            var (row1, row2, row3) = (Inside(row + 1, a.Rows), Inside(row + 2, a.Rows), Inside(row + 3, a.Rows));
            var (c1, c2, c3, c4) = (Inside(column + 1, a.Columns), Inside(column + 2, a.Columns), Inside(column + 3, a.Columns), Inside(column + 4, a.Columns));
            var (c5, c6, c7) = (Inside(column + 5, a.Columns), Inside(column + 6, a.Columns), Inside(column + 7, a.Columns));
            for (var k = 0; k < a.Inner; k++)
            {
                Eight b;
                b.A = a.B[TB.At(k, column, a.StrideB)];
                b.B = a.B[TB.At(k, c1, a.StrideB)];
                b.C = a.B[TB.At(k, c2, a.StrideB)];
                b.D = a.B[TB.At(k, c3, a.StrideB)];
                b.E = a.B[TB.At(k, c4, a.StrideB)];
                b.F = a.B[TB.At(k, c5, a.StrideB)];
                b.G = a.B[TB.At(k, c6, a.StrideB)];
                b.H = a.B[TB.At(k, c7, a.StrideB)];
                s0 = Eight.MultiplyAdd(a.A[TA.At(row, k, a.StrideA)], b, s0);
                s1 = Eight.MultiplyAdd(a.A[TA.At(row1, k, a.StrideA)], b, s1);
                s2 = Eight.MultiplyAdd(a.A[TA.At(row2, k, a.StrideA)], b, s2);
                s3 = Eight.MultiplyAdd(a.A[TA.At(row3, k, a.StrideA)], b, s3);
            }

            Store(a, s0, row, column);
            Store(a, s1, row + 1, column);
            Store(a, s2, row + 2, column);
            Store(a, s3, row + 3, column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Inside(int index, int count) => index < count ? index : count - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TEpilogue>(Arguments<TEpilogue> a, Eight sums, int row, int column)
        where TEpilogue : struct, IEpilogue
    {
        if (row >= a.Rows)
        {
            return;
        }

        Store(a, sums.A, row, column);
        Store(a, sums.B, row, column + 1);
        Store(a, sums.C, row, column + 2);
        Store(a, sums.D, row, column + 3);
        Store(a, sums.E, row, column + 4);
        Store(a, sums.F, row, column + 5);
        Store(a, sums.G, row, column + 6);
        Store(a, sums.H, row, column + 7);
    }

    private static void Store<TEpilogue>(Arguments<TEpilogue> a, float sum, int row, int column)
        where TEpilogue : struct, IEpilogue
    {
        if (column < a.Columns)
        {
            var at = (row * a.StrideC) + column;
            a.C[at] = a.Epilogue.Apply(a.Accumulates != 0 ? a.C[at] + sum : sum, row, column);
        }
    }

    internal struct Arguments<TEpilogue>
        where TEpilogue : struct, IEpilogue
    {
        public ArrayView<float> A, B, C;
        public TEpilogue Epilogue;
        public int StrideA, StrideB, StrideC, Rows, Columns, Inner, TilesInRow, Tiles, Accumulates;
    }
}
