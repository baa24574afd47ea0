using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>
/// The product for devices with fast group memory: a group holds slices of both matrices there, in two buffers, so that the next slice is under way
/// while the threads multiply the last. A thread's 8 x 8 sums are two quads of rows by two quads of columns, half a tile apart, so that
/// neighbouring threads read neighbouring quads. Each element is one sum in ascending order of the inner dimension.
/// </summary>
internal static class GemmByGroups<TTile>
    where TTile : struct, ITile
{
    public static void Body<TEpilogue, TA, TB, MA, MB, MC>(GemmArguments<TEpilogue, MA, MB, MC> a)
        where TEpilogue : struct, IEpilogue
        where TA : struct, ILayout
        where TB : struct, ILayout
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        var quadsA = SharedMemory.Allocate<Quad>(2 * TTile.Side * ((2 * TTile.Side) + 1));
        var quadsB = SharedMemory.Allocate<Quad>(2 * TTile.Side * ((2 * TTile.Side) + 1));
        var (thread, group) = (Group.IdxX, Grid.IdxX);
        var (tileRow, tileColumn, part) = a.TileOf(group);
        var (row, column) = (tileRow * 8 * TTile.Side, tileColumn * 8 * TTile.Side);
        var (begin, end) = a.InnerOf(part);
        var (y, x) = (thread >> TTile.Bits, thread % TTile.Side);
        Eight s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        GemmSlices<TTile>.Store<MA>(quadsA, 0, thread, GemmSlices<TTile>.Load(a.A, row, begin, a.StrideA, a.Rows, end, thread, TA.IsByRows), TA.IsByRows);
        GemmSlices<TTile>.Store<MB>(quadsB, 0, thread, GemmSlices<TTile>.Load(a.B, column, begin, a.StrideB, a.Columns, end, thread, !TB.IsByRows), !TB.IsByRows);
        Group.Barrier();
        var buffer = 0;
        for (var first = begin; first < end; first += TTile.Side)
        {
            var next = first + TTile.Side;
            var nextA = GemmSlices<TTile>.Load(a.A, row, next, a.StrideA, a.Rows, end, thread, TA.IsByRows);
            var nextB = GemmSlices<TTile>.Load(a.B, column, next, a.StrideB, a.Columns, end, thread, !TB.IsByRows);
            var (atA, atB) = ((buffer * GemmSlices<TTile>.Quads) + y, (buffer * GemmSlices<TTile>.Quads) + x);
            for (var k = 0; k < TTile.Side; k++)
            {
                var (a0, a1) = (quadsA[atA], quadsA[atA + TTile.Side]);
                var b = Eight.Of(quadsB[atB], quadsB[atB + TTile.Side]);
                s0 = Eight.MultiplyAdd(a0.A, b, s0);
                s1 = Eight.MultiplyAdd(a0.B, b, s1);
                s2 = Eight.MultiplyAdd(a0.C, b, s2);
                s3 = Eight.MultiplyAdd(a0.D, b, s3);
                s4 = Eight.MultiplyAdd(a1.A, b, s4);
                s5 = Eight.MultiplyAdd(a1.B, b, s5);
                s6 = Eight.MultiplyAdd(a1.C, b, s6);
                s7 = Eight.MultiplyAdd(a1.D, b, s7);
                atA += GemmSlices<TTile>.Stride;
                atB += GemmSlices<TTile>.Stride;
            }

            buffer = 1 - buffer;
            GemmSlices<TTile>.Store<MA>(quadsA, buffer, thread, nextA, TA.IsByRows);
            GemmSlices<TTile>.Store<MB>(quadsB, buffer, thread, nextB, !TB.IsByRows);
            Group.Barrier();
        }

        // A row at a time: formulas of all at once would be most of the kernel's text, and of the time that compilers take for it.
        var (top, left, half) = (row + (4 * y), column + (4 * x), 4 * TTile.Side);
        for (var r = 0; r < 8; r++)
        {
            var (upper, lower) = (Eight.Choose(r, s0, s1, s2, s3), Eight.Choose(r, s4, s5, s6, s7));
            a.Store(Eight.Choose(r < 4, upper, lower), top + (r & 3) + (r < 4 ? 0 : half), left, left + half, part);
        }
    }
}
