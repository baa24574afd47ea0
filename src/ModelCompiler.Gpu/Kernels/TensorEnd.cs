using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>
/// From the sums of a product by tensor cores to its result, by way of shared memory: neighbours in a row are ended by threads that are neighbours. Formulas stand in a loop
/// over rows, not once for each of a thread's sums, which are 128: else they are most of the text, and of the time that compilers take for it.
/// </summary>
/// <remarks>Sums of the whole tile lie where its slices did, which take more.</remarks>
internal static class TensorEnd<TTile>
    where TTile : struct, ITensorTile
{
    /// <summary>Bytes of shared memory that a tile's sums take.</summary>
    public static int SharedBytes => Stride << TTile.RowBits;

    // Bytes from row to row: what half a warp stores at once, four rows of eight floats, lies in different banks.
    private static int Stride
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (4 << TTile.ColumnBits) + 32;
    }

    /// <summary>Stores a thread's part of its warp's sums.</summary>
    /// <param name="row">Of the thread's first sum within the tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(int shared, TensorSums sums, int row, int column)
    {
        var to = (uint)(shared + (row * Stride) + (4 * column));
        Put(to, 0, sums.Left0);
        Put(to, 16 * Stride, sums.Left1);
        if (TTile.WarpBits == 6)
        {
            Put(to, 32 * Stride, sums.Left2);
            Put(to, 48 * Stride, sums.Left3);
            Put(to, 4 * 32, sums.Right0);
            Put(to, (16 * Stride) + (4 * 32), sums.Right1);
            Put(to, (32 * Stride) + (4 * 32), sums.Right2);
            Put(to, (48 * Stride) + (4 * 32), sums.Right3);
        }
    }

    /// <summary>Ends the tile's sums: two neighbours in each of four rows, so that what formulas read is under way together, then what is left one by one.</summary>
    /// <param name="row">Of the tile's first sum.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TEpilogue, MA, MB, MC>(GemmArguments<TEpilogue, MA, MB, MC> a, int shared, int thread, int row, int column, int part)
        where TEpilogue : struct, IEpilogue
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        var pairBits = TTile.ColumnBits - 1;
        var step = TTile.Threads >> pairBits;
        var (first, left) = (thread >> pairBits, 2 * (thread & ((1 << pairBits) - 1)));
        var from = shared + (first * Stride) + (4 * left);
        column += left;
        var end = IntrinsicMath.Min(row + (1 << TTile.RowBits), a.Rows);
        row += first;
        if (column + 1 < a.Columns)
        {
            for (; row + (3 * step) < end; row += 4 * step)
            {
                a.Store(Pair(from, 0), Pair(from, step * Stride), Pair(from, 2 * step * Stride), Pair(from, 3 * step * Stride), row, step, column, part);
                from += 4 * step * Stride;
            }
        }

        for (; row < end; row += step)
        {
            var pair = Pair(from, 0);
            a.Store(pair.A, row, column, part);
            a.Store(pair.B, row, column + 1, part);
            from += step * Stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Pair Pair(int from, int offset) => TensorCore.LoadPair((uint)from, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(uint to, int offset, TensorRow sums)
    {
        Put(to, offset, sums.C0);
        Put(to, offset + 32, sums.C1);
        Put(to, offset + 64, sums.C2);
        Put(to, offset + 96, sums.C3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(uint to, int offset, Quad sums)
    {
        TensorCore.StorePair(to, offset, sums.A, sums.B);
        TensorCore.StorePair(to, offset + (8 * Stride), sums.C, sums.D);
    }
}
