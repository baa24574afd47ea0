using System.Runtime.CompilerServices;
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
    // A row of a slice in quads: one more than the tile has, so that threads which store a column of it meet different banks.
    private static int Stride
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (2 * TTile.Side) + 1;
    }

    private static int Slice
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TTile.Side * ((2 * TTile.Side) + 1);
    }

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
        var (floatsA, floatsB) = (quadsA.Cast<float>(), quadsB.Cast<float>());
        var (thread, tile) = (Group.IdxX, Grid.IdxX);
        var row = tile / a.TilesInRow * 8 * TTile.Side;
        var column = tile % a.TilesInRow * 8 * TTile.Side;
        var (y, x) = (thread / TTile.Side, thread % TTile.Side);
        Eight s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        StoreRows(floatsA, 0, thread, LoadRows<TEpilogue, TA, MA, MB, MC>(a, row, 0, thread), TA.IsByRows);
        StoreRows(floatsB, 0, thread, LoadColumns<TEpilogue, TB, MA, MB, MC>(a, column, 0, thread), !TB.IsByRows);
        Group.Barrier();
        var buffer = 0;
        for (var first = 0; first < a.Inner; first += TTile.Side)
        {
            var next = first + TTile.Side;
            var nextA = LoadRows<TEpilogue, TA, MA, MB, MC>(a, row, next, thread);
            var nextB = LoadColumns<TEpilogue, TB, MA, MB, MC>(a, column, next, thread);
            var (atA, atB) = ((buffer * Slice) + y, (buffer * Slice) + x);
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
                atA += Stride;
                atB += Stride;
            }

            buffer = 1 - buffer;
            StoreRows(floatsA, buffer, thread, nextA, TA.IsByRows);
            StoreRows(floatsB, buffer, thread, nextB, !TB.IsByRows);
            Group.Barrier();
        }

        var (top, left, half) = (row + (4 * y), column + (4 * x), 4 * TTile.Side);
        a.Store(s0, top, left, left + half);
        a.Store(s1, top + 1, left, left + half);
        a.Store(s2, top + 2, left, left + half);
        a.Store(s3, top + 3, left, left + half);
        a.Store(s4, top + half, left, left + half);
        a.Store(s5, top + half + 1, left, left + half);
        a.Store(s6, top + half + 2, left, left + half);
        a.Store(s7, top + half + 3, left, left + half);
    }

    // A thread's eight elements of a slice of A [tile rows, side]; zeros outside of the matrix. Neighbouring threads read neighbouring elements.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Eight LoadRows<TEpilogue, TA, MA, MB, MC>(GemmArguments<TEpilogue, MA, MB, MC> a, int row, int first, int thread)
        where TEpilogue : struct, IEpilogue
        where TA : struct, ILayout
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        var (r, k) = (row + Along(thread, TA.IsByRows), first + Inner(thread, TA.IsByRows));
        var (stepR, stepK) = TA.IsByRows ? (TTile.Side, 0) : (0, TTile.Side >> 3);
        Eight e;
        e.A = LoadA<TEpilogue, TA, MA, MB, MC>(a, r, k);
        e.B = LoadA<TEpilogue, TA, MA, MB, MC>(a, r + stepR, k + stepK);
        e.C = LoadA<TEpilogue, TA, MA, MB, MC>(a, r + (2 * stepR), k + (2 * stepK));
        e.D = LoadA<TEpilogue, TA, MA, MB, MC>(a, r + (3 * stepR), k + (3 * stepK));
        e.E = LoadA<TEpilogue, TA, MA, MB, MC>(a, r + (4 * stepR), k + (4 * stepK));
        e.F = LoadA<TEpilogue, TA, MA, MB, MC>(a, r + (5 * stepR), k + (5 * stepK));
        e.G = LoadA<TEpilogue, TA, MA, MB, MC>(a, r + (6 * stepR), k + (6 * stepK));
        e.H = LoadA<TEpilogue, TA, MA, MB, MC>(a, r + (7 * stepR), k + (7 * stepK));
        return e;
    }

    // The same of a slice of B [side, tile columns].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Eight LoadColumns<TEpilogue, TB, MA, MB, MC>(GemmArguments<TEpilogue, MA, MB, MC> a, int column, int first, int thread)
        where TEpilogue : struct, IEpilogue
        where TB : struct, ILayout
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        var (c, k) = (column + Along(thread, !TB.IsByRows), first + Inner(thread, !TB.IsByRows));
        var (stepC, stepK) = TB.IsByRows ? (0, TTile.Side >> 3) : (TTile.Side, 0);
        Eight e;
        e.A = LoadB<TEpilogue, TB, MA, MB, MC>(a, k, c);
        e.B = LoadB<TEpilogue, TB, MA, MB, MC>(a, k + stepK, c + stepC);
        e.C = LoadB<TEpilogue, TB, MA, MB, MC>(a, k + (2 * stepK), c + (2 * stepC));
        e.D = LoadB<TEpilogue, TB, MA, MB, MC>(a, k + (3 * stepK), c + (3 * stepC));
        e.E = LoadB<TEpilogue, TB, MA, MB, MC>(a, k + (4 * stepK), c + (4 * stepC));
        e.F = LoadB<TEpilogue, TB, MA, MB, MC>(a, k + (5 * stepK), c + (5 * stepC));
        e.G = LoadB<TEpilogue, TB, MA, MB, MC>(a, k + (6 * stepK), c + (6 * stepC));
        e.H = LoadB<TEpilogue, TB, MA, MB, MC>(a, k + (7 * stepK), c + (7 * stepC));
        return e;
    }

    // A thread's eight elements to their places in a slice [side, tile + a gap].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRows(ArrayView<float> slices, int buffer, int thread, Eight e, bool isInnerNext)
    {
        var at = (4 * buffer * Slice) + (Inner(thread, isInnerNext) * 4 * Stride) + Along(thread, isInnerNext);
        var step = isInnerNext ? TTile.Side : (TTile.Side >> 3) * 4 * Stride;
        slices[at] = e.A;
        slices[at + step] = e.B;
        slices[at + (2 * step)] = e.C;
        slices[at + (3 * step)] = e.D;
        slices[at + (4 * step)] = e.E;
        slices[at + (5 * step)] = e.F;
        slices[at + (6 * step)] = e.G;
        slices[at + (7 * step)] = e.H;
    }

    // A thread's first place along the tile, and along the inner dimension: whichever is next in memory runs with the threads.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Along(int thread, bool isInnerNext) => isInnerNext ? thread / TTile.Side : thread % (8 * TTile.Side);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Inner(int thread, bool isInnerNext) => isInnerNext ? thread % TTile.Side : thread / (8 * TTile.Side);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float LoadA<TEpilogue, TA, MA, MB, MC>(GemmArguments<TEpilogue, MA, MB, MC> a, int row, int k)
        where TEpilogue : struct, IEpilogue
        where TA : struct, ILayout
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix => row < a.Rows && k < a.Inner ? a.A.Load(TA.At(row, k, a.StrideA)) : 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float LoadB<TEpilogue, TB, MA, MB, MC>(GemmArguments<TEpilogue, MA, MB, MC> a, int k, int column)
        where TEpilogue : struct, IEpilogue
        where TB : struct, ILayout
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix => column < a.Columns && k < a.Inner ? a.B.Load(TB.At(k, column, a.StrideB)) : 0f;
}
