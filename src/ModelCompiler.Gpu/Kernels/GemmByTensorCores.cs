using ILGPU;
using ILGPU.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>
/// The product by tensor cores: slices of both matrices are copied to shared memory without registers, several ahead of the one that the warps multiply. Sums
/// are floats, in one fixed order. Every 16 bytes of A and B are inside or outside of the matrix as a whole, and aligned (<see cref="TensorForms"/>).
/// </summary>
internal static class GemmByTensorCores<TKind, TTile>
    where TKind : struct, ITensorKind
    where TTile : struct, ITensorTile
{
    /// <summary>Bytes of shared memory of a group.</summary>
    public static int SharedBytes => Math.Max(TTile.Stages * (TensorPlaces<TKind>.Slice(TTile.RowBits) + TensorPlaces<TKind>.Slice(TTile.ColumnBits)), TensorEnd<TTile>.SharedBytes);

    public static void Body<TEpilogue, TA, TB, MA, MB, MC>(GemmArguments<TEpilogue, MA, MB, MC> a)
        where TEpilogue : struct, IEpilogue
        where TA : struct, ILayout
        where TB : struct, ILayout
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        var memory = SharedMemory.GetDynamic<Words>().AsAligned(16);
        var (thread, group) = (Group.IdxX, Grid.IdxX);
        var shared = (int)TensorCore.SharedAddress(ref memory[0]);
        var (tileRow, tileColumn, part) = a.TileOf(group);
        var (row, column) = (tileRow << TTile.RowBits, tileColumn << TTile.ColumnBits);
        var (first, end) = a.InnerOf(part);
        var (lane, warp) = (thread & 31, thread >> 5);
        var warpsInRow = TTile.ColumnBits - TTile.WarpBits;
        var (top, left) = ((warp >> warpsInRow) << TTile.WarpBits, (warp & ((1 << warpsInRow) - 1)) << TTile.WarpBits);

        var sharedB = shared + TensorPlaces<TKind>.Slice(TTile.RowBits);
        var stage = TensorPlaces<TKind>.Slice(TTile.RowBits) + TensorPlaces<TKind>.Slice(TTile.ColumnBits);
        var fromA = TensorReader.Of<TKind>(shared, lane, top, TTile.RowBits, TA.IsByRows, isRight: false);
        var fromB = TensorReader.Of<TKind>(sharedB, lane, left, TTile.ColumnBits, !TB.IsByRows, isRight: true);
        var toA = TensorCopier.Of<TKind, MA>(a.A, shared, thread, row, first, a.StrideA, a.Rows, end, TTile.RowBits, TA.IsByRows);
        var toB = TensorCopier.Of<TKind, MB>(a.B, sharedB, thread, column, first, a.StrideB, a.Columns, end, TTile.ColumnBits, !TB.IsByRows);
        TensorSums sums = default;

        for (var ahead = 0; ahead < (TTile.Stages - 1) * stage; ahead += stage)
        {
            toA = TensorCopier.Copy<TKind>(toA, ahead, TTile.Threads, TTile.RowBits, TA.IsByRows);
            toB = TensorCopier.Copy<TKind>(toB, ahead, TTile.Threads, TTile.ColumnBits, !TB.IsByRows);
            TensorCore.Bundle();
        }

        TensorCore.Await(TTile.Stages - 2);
        Group.Barrier();
        var (read, write) = (0, (TTile.Stages - 1) * stage);
        for (var inner = first; inner < end; inner += TensorPlaces<TKind>.Inner)
        {
            // All have read what is overwritten now. What lies behind the inner dimension becomes zeros that nobody reads.
            var s0 = TensorStep.Load<TKind, TTile, TA, TB>(fromA, fromB, read, 0);
            toA = TensorCopier.Copy<TKind>(toA, write, TTile.Threads, TTile.RowBits, TA.IsByRows);
            var s1 = TKind.ReadsAhead ? TensorStep.Load<TKind, TTile, TA, TB>(fromA, fromB, read, 1) : default;
            sums = TensorSums.MultiplyAdd<TKind, TTile>(s0, sums);
            toB = TensorCopier.Copy<TKind>(toB, write, TTile.Threads, TTile.ColumnBits, !TB.IsByRows);
            TensorCore.Bundle();
            s1 = TKind.ReadsAhead ? s1 : TensorStep.Load<TKind, TTile, TA, TB>(fromA, fromB, read, 1);
            var s2 = TKind.ReadsAhead ? TensorStep.Load<TKind, TTile, TA, TB>(fromA, fromB, read, 2) : default;
            sums = TensorSums.MultiplyAdd<TKind, TTile>(s1, sums);
            s2 = TKind.ReadsAhead ? s2 : TensorStep.Load<TKind, TTile, TA, TB>(fromA, fromB, read, 2);
            var s3 = TKind.ReadsAhead ? TensorStep.Load<TKind, TTile, TA, TB>(fromA, fromB, read, 3) : default;
            sums = TensorSums.MultiplyAdd<TKind, TTile>(s2, sums);
            s3 = TKind.ReadsAhead ? s3 : TensorStep.Load<TKind, TTile, TA, TB>(fromA, fromB, read, 3);
            sums = TensorSums.MultiplyAdd<TKind, TTile>(s3, sums);
            read = read == (TTile.Stages - 1) * stage ? 0 : read + stage;
            write = write == (TTile.Stages - 1) * stage ? 0 : write + stage;
            TensorCore.Await(TTile.Stages - 2);
            Group.Barrier();
        }

        // Zeros may still be on their way to where sums go.
        TensorCore.Await(0);
        Group.Barrier();
        TensorEnd<TTile>.Put(shared, sums, top + (lane >> 2), left + (2 * (lane & 3)));
        Group.Barrier();
        TensorEnd<TTile>.Run(a, shared, thread, row, column, part);
    }
}
