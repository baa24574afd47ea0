using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>
/// The product by tensor cores: two buffers of slices in shared memory, of which one is filled while the warps multiply the other. What is stored as it is
/// multiplied is copied without registers; weights are rounded on their way. Sums are floats, in one fixed order. Every 16 bytes of A and B are inside or outside of
/// the matrix as a whole, and aligned (<see cref="TensorForms"/>).
/// </summary>
internal static class GemmByTensorCores<TKind, TTile>
    where TKind : struct, ITensorKind
    where TTile : struct, ITensorTile
{
    public static void Body<TEpilogue, TA, TB, MA, MB, MC>(GemmArguments<TEpilogue, MA, MB, MC> a)
        where TEpilogue : struct, IEpilogue
        where TA : struct, ILayout
        where TB : struct, ILayout
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        var memory = SharedMemory.Allocate<Words>(4 * (5 << TTile.Bits)).AsAligned(16);
        var (thread, tile) = (Group.IdxX, Grid.IdxX);
        var shared = (int)TensorCore.SharedAddress(ref memory[0]);
        var slice = 16 * TensorPlaces<TKind, TTile>.Slice;
        var row = (tile / a.TilesInRow) << TTile.Bits;
        var column = (tile % a.TilesInRow) << TTile.Bits;
        var (lane, warp) = (thread & 31, thread >> 5);
        var (top, left) = ((warp >> (TTile.Bits - 5)) << (TTile.Bits - 1), (warp & ((1 << (TTile.Bits - 5)) - 1)) << 5);
        var (piece, other) = (thread, thread + TTile.Threads);
        var fromA = shared + Start(lane, TA.IsByRows) + TensorPlaces<TKind, TTile>.Move(top, 0, TA.IsByRows);
        var fromB = shared + (2 * slice) + Start(lane, !TB.IsByRows) + TensorPlaces<TKind, TTile>.Move(left, 0, !TB.IsByRows);
        TensorRow r0 = default, r1 = default, r2 = default, r3 = default;

        Copy<MA>(a.A, shared, piece, row, 0, a.StrideA, a.Rows, a.Inner, TA.IsByRows);
        Copy<MA>(a.A, shared, other, row, 0, a.StrideA, a.Rows, a.Inner, TA.IsByRows);
        Copy<MB>(a.B, shared + (2 * slice), piece, column, 0, a.StrideB, a.Columns, a.Inner, !TB.IsByRows);
        Copy<MB>(a.B, shared + (2 * slice), other, column, 0, a.StrideB, a.Columns, a.Inner, !TB.IsByRows);
        Keep<MA>(shared, piece, Read<MA>(a.A, piece, row, 0, a.StrideA, a.Rows, a.Inner, TA.IsByRows), TA.IsByRows);
        Keep<MA>(shared, other, Read<MA>(a.A, other, row, 0, a.StrideA, a.Rows, a.Inner, TA.IsByRows), TA.IsByRows);
        Keep<MB>(shared + (2 * slice), piece, Read<MB>(a.B, piece, column, 0, a.StrideB, a.Columns, a.Inner, !TB.IsByRows), !TB.IsByRows);
        Keep<MB>(shared + (2 * slice), other, Read<MB>(a.B, other, column, 0, a.StrideB, a.Columns, a.Inner, !TB.IsByRows), !TB.IsByRows);
        TensorCore.EndCopies();
        Group.Barrier();
        var buffer = 0;
        for (var first = 0; first < a.Inner; first += TensorPlaces<TKind, TTile>.Inner)
        {
            // What lies behind the inner dimension becomes zeros that nobody reads.
            var next = first + TensorPlaces<TKind, TTile>.Inner;
            var toA = shared + ((1 - buffer) * slice);
            var toB = toA + (2 * slice);
            Copy<MA>(a.A, toA, piece, row, next, a.StrideA, a.Rows, a.Inner, TA.IsByRows);
            Copy<MA>(a.A, toA, other, row, next, a.StrideA, a.Rows, a.Inner, TA.IsByRows);
            Copy<MB>(a.B, toB, piece, column, next, a.StrideB, a.Columns, a.Inner, !TB.IsByRows);
            Copy<MB>(a.B, toB, other, column, next, a.StrideB, a.Columns, a.Inner, !TB.IsByRows);
            var nextA = Read<MA>(a.A, piece, row, next, a.StrideA, a.Rows, a.Inner, TA.IsByRows);
            var otherA = Read<MA>(a.A, other, row, next, a.StrideA, a.Rows, a.Inner, TA.IsByRows);
            var nextB = Read<MB>(a.B, piece, column, next, a.StrideB, a.Columns, a.Inner, !TB.IsByRows);
            var otherB = Read<MB>(a.B, other, column, next, a.StrideB, a.Columns, a.Inner, !TB.IsByRows);
            for (var step = 0; step < 2; step++)
            {
                var atA = fromA + (buffer * slice) + TensorPlaces<TKind, TTile>.Move(0, step, TA.IsByRows);
                var atB = fromB + (buffer * slice) + TensorPlaces<TKind, TTile>.Move(0, step, !TB.IsByRows);
                var b0 = Load(atB, !TB.IsByRows);
                var b1 = Load(atB + TensorPlaces<TKind, TTile>.Move(16, 0, !TB.IsByRows), !TB.IsByRows);
                r0 = TensorRow.MultiplyAdd<TKind>(Load(atA, TA.IsByRows), b0, b1, r0);
                r1 = TensorRow.MultiplyAdd<TKind>(Load(atA + TensorPlaces<TKind, TTile>.Move(16, 0, TA.IsByRows), TA.IsByRows), b0, b1, r1);
                if (TTile.Bits == 7)
                {
                    r2 = TensorRow.MultiplyAdd<TKind>(Load(atA + TensorPlaces<TKind, TTile>.Move(32, 0, TA.IsByRows), TA.IsByRows), b0, b1, r2);
                    r3 = TensorRow.MultiplyAdd<TKind>(Load(atA + TensorPlaces<TKind, TTile>.Move(48, 0, TA.IsByRows), TA.IsByRows), b0, b1, r3);
                }
            }

            buffer = 1 - buffer;
            Keep<MA>(toA, piece, nextA, TA.IsByRows);
            Keep<MA>(toA, other, otherA, TA.IsByRows);
            Keep<MB>(toB, piece, nextB, !TB.IsByRows);
            Keep<MB>(toB, other, otherB, !TB.IsByRows);
            TensorCore.EndCopies();
            Group.Barrier();
        }

        var (rowOfLane, columnOfLane) = (row + top + (lane >> 2), column + left + (2 * (lane & 3)));
        a.Store(r0, rowOfLane, columnOfLane);
        a.Store(r1, rowOfLane + 16, columnOfLane);
        if (TTile.Bits == 7)
        {
            a.Store(r2, rowOfLane + 32, columnOfLane);
            a.Store(r3, rowOfLane + 48, columnOfLane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Start(int lane, bool isInnerNext) =>
        isInnerNext || TKind.Bits == 3 ? TensorPlaces<TKind, TTile>.Row(lane, isInnerNext) : TensorPlaces<TKind, TTile>.Word(lane);

    // A thread's part of 16 elements along the tile by a step of the inner dimension.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Words Load(int at, bool isInnerNext)
    {
        if (isInnerNext)
        {
            return TKind.Rounded(TensorCore.Fragment((uint)at));
        }

        return TKind.Bits == 3 ? TensorCore.FragmentTransposed((uint)at) : TKind.Rounded(LoadWords(at));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Words LoadWords(int at) => new()
    {
        A = TensorCore.LoadWord((uint)at),
        B = TensorCore.LoadWord((uint)(at + 32)),
        C = TensorCore.LoadWord((uint)(at + TensorPlaces<TKind, TTile>.HalfStep)),
        D = TensorCore.LoadWord((uint)(at + TensorPlaces<TKind, TTile>.HalfStep + 32)),
    };

    // Starts to copy a piece of a matrix that is stored as it is multiplied.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy<M>(M matrix, int to, int piece, int along, int inner, int stride, int alongs, int inners, bool isInnerNext)
        where M : struct, IMatrix
    {
        if (!M.IsRounded)
        {
            var (atAlong, atInner) = (along + TensorPlaces<TKind, TTile>.Along(piece, isInnerNext), inner + TensorPlaces<TKind, TTile>.InnerOf(piece, isInnerNext));
            var isInside = atAlong < alongs && atInner < inners;
            var at = isInnerNext ? (atAlong * stride) + atInner : (atInner * stride) + atAlong;
            TensorCore.Copy((uint)(to + TensorPlaces<TKind, TTile>.Place(piece, isInnerNext)), matrix.Address(isInside ? at : 0), isInside ? 16 : 0);
        }
    }

    // A piece of a matrix that is rounded when it is read; nothing of others.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Eight Read<M>(M matrix, int piece, int along, int inner, int stride, int alongs, int inners, bool isInnerNext)
        where M : struct, IMatrix
    {
        var e = Eight.All(0f);
        if (M.IsRounded)
        {
            var (atAlong, atInner) = (along + TensorPlaces<TKind, TTile>.Along(piece, isInnerNext), inner + TensorPlaces<TKind, TTile>.InnerOf(piece, isInnerNext));
            if (atAlong < alongs && atInner < inners)
            {
                var address = matrix.Address(isInnerNext ? (atAlong * stride) + atInner : (atInner * stride) + atAlong);
                e = Eight.Of(TensorCore.LoadFloats(address), TensorCore.LoadFloats(address + 16));
            }
        }

        return e;
    }

    // Rounds a piece that was read, to its place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep<M>(int to, int piece, Eight e, bool isInnerNext)
        where M : struct, IMatrix
    {
        if (M.IsRounded)
        {
            Words words;
            words.A = TensorCore.Pack(e.B, e.A);
            words.B = TensorCore.Pack(e.D, e.C);
            words.C = TensorCore.Pack(e.F, e.E);
            words.D = TensorCore.Pack(e.H, e.G);
            TensorCore.StoreWords((uint)(to + TensorPlaces<TKind, TTile>.Place(piece, isInnerNext)), words);
        }
    }
}
