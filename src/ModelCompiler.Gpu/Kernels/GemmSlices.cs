using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>
/// How a group's threads bring a slice of a matrix into group memory, eight elements each: a tile's rows of A, or columns of B ("along"), by as many steps of the
/// inner dimension as the tile has threads on a side. Neighbouring threads read what is next in memory: elements, or quads of them where the matrix has quads.
/// </summary>
internal static class GemmSlices<TTile>
    where TTile : struct, ITile
{
    /// <summary>A step of the inner dimension in quads: one more than the tile has, so that threads which store the steps of one row meet different banks.</summary>
    public static int Stride
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (2 * TTile.Side) + 1;
    }

    /// <summary>Quads of a slice.</summary>
    public static int Quads
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TTile.Side * ((2 * TTile.Side) + 1);
    }

    /// <summary>A thread's elements; zeros outside of the matrix.</summary>
    /// <param name="along">The tile's first row or column.</param>
    /// <param name="inner">The slice's first step.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight Load<M>(M matrix, int along, int inner, int stride, int alongs, int inners, int thread, bool isInnerNext)
        where M : struct, IMatrix
    {
        if (M.HasQuads)
        {
            var (atAlong, atInner) = (along + AlongOfQuad(thread, isInnerNext), inner + InnerOfQuad(thread, isInnerNext));
            var (moveAlong, moveInner) = isInnerNext ? (4 * TTile.Side, 0) : (0, TTile.Side >> 1);
            return Eight.Of(
                QuadAt(matrix, atAlong, atInner, stride, alongs, inners, isInnerNext), QuadAt(matrix, atAlong + moveAlong, atInner + moveInner, stride, alongs, inners, isInnerNext));
        }

        var (r, k) = (along + Along(thread, isInnerNext), inner + Inner(thread, isInnerNext));
        var (stepR, stepK) = isInnerNext ? (TTile.Side, 0) : (0, TTile.Side >> 3);
        Eight e;
        e.A = ElementAt(matrix, r, k, stride, alongs, inners, isInnerNext);
        e.B = ElementAt(matrix, r + stepR, k + stepK, stride, alongs, inners, isInnerNext);
        e.C = ElementAt(matrix, r + (2 * stepR), k + (2 * stepK), stride, alongs, inners, isInnerNext);
        e.D = ElementAt(matrix, r + (3 * stepR), k + (3 * stepK), stride, alongs, inners, isInnerNext);
        e.E = ElementAt(matrix, r + (4 * stepR), k + (4 * stepK), stride, alongs, inners, isInnerNext);
        e.F = ElementAt(matrix, r + (5 * stepR), k + (5 * stepK), stride, alongs, inners, isInnerNext);
        e.G = ElementAt(matrix, r + (6 * stepR), k + (6 * stepK), stride, alongs, inners, isInnerNext);
        e.H = ElementAt(matrix, r + (7 * stepR), k + (7 * stepK), stride, alongs, inners, isInnerNext);
        return e;
    }

    /// <summary>Puts a thread's elements into their places, step by step.</summary>
    /// <param name="slices">Two buffers of <see cref="Quads"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<M>(ArrayView<Quad> slices, int buffer, int thread, Eight e, bool isInnerNext)
        where M : struct, IMatrix
    {
        var floats = slices.Cast<float>();
        if (!M.HasQuads)
        {
            var at = (4 * buffer * Quads) + (Inner(thread, isInnerNext) * 4 * Stride) + Along(thread, isInnerNext);
            var step = isInnerNext ? TTile.Side : (TTile.Side >> 3) * 4 * Stride;
            floats[at] = e.A;
            floats[at + step] = e.B;
            floats[at + (2 * step)] = e.C;
            floats[at + (3 * step)] = e.D;
            floats[at + (4 * step)] = e.E;
            floats[at + (5 * step)] = e.F;
            floats[at + (6 * step)] = e.G;
            floats[at + (7 * step)] = e.H;
        }
        else if (isInnerNext)
        {
            var at = (4 * buffer * Quads) + (InnerOfQuad(thread, isInnerNext: true) * 4 * Stride) + AlongOfQuad(thread, isInnerNext: true);
            floats[at] = e.A;
            floats[at + (4 * Stride)] = e.B;
            floats[at + (8 * Stride)] = e.C;
            floats[at + (12 * Stride)] = e.D;
            floats[at + (4 * TTile.Side)] = e.E;
            floats[at + (4 * TTile.Side) + (4 * Stride)] = e.F;
            floats[at + (4 * TTile.Side) + (8 * Stride)] = e.G;
            floats[at + (4 * TTile.Side) + (12 * Stride)] = e.H;
        }
        else
        {
            var at = (buffer * Quads) + (InnerOfQuad(thread, isInnerNext: false) * Stride) + (AlongOfQuad(thread, isInnerNext: false) >> 2);
            slices[at] = new Quad { A = e.A, B = e.B, C = e.C, D = e.D };
            slices[at + ((TTile.Side >> 1) * Stride)] = new Quad { A = e.E, B = e.F, C = e.G, D = e.H };
        }
    }

    // A thread's first element within the slice.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Along(int thread, bool isInnerNext) => isInnerNext ? thread >> TTile.Bits : thread % (8 * TTile.Side);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Inner(int thread, bool isInnerNext) => isInnerNext ? thread % TTile.Side : thread >> (TTile.Bits + 3);

    // A thread's first quad within the slice; the other is half a slice further on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AlongOfQuad(int thread, bool isInnerNext) => isInnerNext ? thread >> (TTile.Bits - 2) : 4 * (thread % (2 * TTile.Side));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int InnerOfQuad(int thread, bool isInnerNext) => isInnerNext ? 4 * (thread % (TTile.Side >> 2)) : thread >> (TTile.Bits + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float ElementAt<M>(M matrix, int along, int inner, int stride, int alongs, int inners, bool isInnerNext)
        where M : struct, IMatrix => along < alongs && inner < inners ? matrix.Load(isInnerNext ? (along * stride) + inner : (inner * stride) + along) : 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad QuadAt<M>(M matrix, int along, int inner, int stride, int alongs, int inners, bool isInnerNext)
        where M : struct, IMatrix
    {
        Quad quad = default;
        if (along < alongs && inner < inners)
        {
            quad = matrix.LoadQuad(isInnerNext ? (along * stride) + inner : (inner * stride) + along);
        }

        return quad;
    }
}
