using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>
/// The product for any device and any size of groups: a thread sums tiles of 4 x 8 in registers, straight from global memory. Each element is one
/// sum in ascending order of the inner dimension.
/// </summary>
internal static class GemmByThreads
{
    /// <summary>Elements of a thread's tile.</summary>
    public const int Rows = 4, Columns = 8;

    public static void Body<TEpilogue, TA, TB, MA, MB, MC>(GemmArguments<TEpilogue, MA, MB, MC> a)
        where TEpilogue : struct, IEpilogue
        where TA : struct, ILayout
        where TB : struct, ILayout
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        var (thread, threads, group, groups) = (Group.IdxX, Group.DimX, Grid.IdxX, Grid.DimX);
        for (var tile = (group * threads) + thread; tile < a.Tiles; tile += groups * threads)
        {
            var row = tile / a.TilesInRow * Rows;
            var column = tile % a.TilesInRow * Columns;
            Eight s0 = default, s1 = default, s2 = default, s3 = default;

            // What lies outside is read inside, at the last row or column, and never stored.
            var (row1, row2, row3) = (Inside(row + 1, a.Rows), Inside(row + 2, a.Rows), Inside(row + 3, a.Rows));
            var (c1, c2, c3, c4) = (Inside(column + 1, a.Columns), Inside(column + 2, a.Columns), Inside(column + 3, a.Columns), Inside(column + 4, a.Columns));
            var (c5, c6, c7) = (Inside(column + 5, a.Columns), Inside(column + 6, a.Columns), Inside(column + 7, a.Columns));
            for (var k = 0; k < a.Inner; k++)
            {
                Eight b;
                b.A = a.B.Load(TB.At(k, column, a.StrideB));
                b.B = a.B.Load(TB.At(k, c1, a.StrideB));
                b.C = a.B.Load(TB.At(k, c2, a.StrideB));
                b.D = a.B.Load(TB.At(k, c3, a.StrideB));
                b.E = a.B.Load(TB.At(k, c4, a.StrideB));
                b.F = a.B.Load(TB.At(k, c5, a.StrideB));
                b.G = a.B.Load(TB.At(k, c6, a.StrideB));
                b.H = a.B.Load(TB.At(k, c7, a.StrideB));
                s0 = Eight.MultiplyAdd(a.A.Load(TA.At(row, k, a.StrideA)), b, s0);
                s1 = Eight.MultiplyAdd(a.A.Load(TA.At(row1, k, a.StrideA)), b, s1);
                s2 = Eight.MultiplyAdd(a.A.Load(TA.At(row2, k, a.StrideA)), b, s2);
                s3 = Eight.MultiplyAdd(a.A.Load(TA.At(row3, k, a.StrideA)), b, s3);
            }

            // One by one: formulas of all rows would be most of the kernel's text.
            for (var r = 0; r < Rows; r++)
            {
                a.Store(Eight.Choose(r, s0, s1, s2, s3), row + r, column, column + 4);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Inside(int index, int count) => index < count ? index : count - 1;
}
