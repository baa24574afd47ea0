using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>What every form of the product gets, and how it ends.</summary>
internal struct GemmArguments<TEpilogue, MA, MB, MC>
    where TEpilogue : struct, IEpilogue
    where MA : struct, IMatrix
    where MB : struct, IMatrix
    where MC : struct, IMatrix
{
    public MA A;
    public MB B;
    public MC C;
    public TEpilogue Epilogue;
    public int StrideA, StrideB, StrideC, Rows, Columns, Inner, TilesInRow, TilesInColumn, Accumulates;

    /// <summary>Parts of the inner dimension, each with sums of its own behind those of the part before, in C.</summary>
    public int Parts, InnerOfPart;

    /// <summary>Not 0: every two results from a multiple of two on lie next to each other and aligned.</summary>
    public int HasPairs;

    // Rows of tiles that groups make together: what they read of both matrices stays in the device's cache.
    private const int Band = 8;

    /// <summary>Groups, or threads, of all parts.</summary>
    public readonly int Tiles => TilesInRow * TilesInColumn * Parts;

    /// <summary>Divides the result among groups, or threads; the host asks.</summary>
    /// <param name="parts">Of the inner dimension.</param>
    /// <param name="slice">What a part is a multiple of.</param>
    public void Divide(int rows, int columns, int parts = 1, int slice = 1)
    {
        TilesInRow = (Columns + columns - 1) / columns;
        TilesInColumn = (Rows + rows - 1) / rows;
        var slices = (Inner + slice - 1) / slice;
        InnerOfPart = (slices + parts - 1) / parts * slice;
        Parts = (Inner + InnerOfPart - 1) / InnerOfPart;
    }

    /// <summary>A group's tile and its part of the inner dimension: tiles go by columns of a band of rows of tiles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly (int Row, int Column, int Part) TileOf(int group)
    {
        var part = group / (TilesInRow * TilesInColumn);
        var tile = group - (part * TilesInRow * TilesInColumn);
        var top = tile / (Band * TilesInRow) * Band;
        var height = IntrinsicMath.Min(Band, TilesInColumn - top);
        var at = tile - (top * TilesInRow);
        return (top + (at % height), at / height, part);
    }

    /// <summary>The first element of the inner dimension of a part, and what is behind its last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly (int First, int End) InnerOf(int part)
    {
        var first = part * InnerOfPart;
        return (first, IntrinsicMath.Min(first + InnerOfPart, Inner));
    }

    /// <summary>Ends the sums of eight columns of a row; what is outside of the result is left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Eight sums, int row, int left, int right, int part = 0)
    {
        if (row >= Rows)
        {
            return;
        }

        Store(sums.A, row, left, part);
        Store(sums.B, row, left + 1, part);
        Store(sums.C, row, left + 2, part);
        Store(sums.D, row, left + 3, part);
        Store(sums.E, row, right, part);
        Store(sums.F, row, right + 1, part);
        Store(sums.G, row, right + 2, part);
        Store(sums.H, row, right + 3, part);
    }

    /// <summary>Ends a thread's part of the sums of a warp, from its first row and column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<TTile>(TensorSums sums, int row, int column, int part)
        where TTile : struct, ITensorTile
    {
        Store(sums.Left0, row, column, part);
        Store(sums.Left1, row + 16, column, part);
        if (TTile.WarpBits == 6)
        {
            Store(sums.Right0, row, column + 32, part);
            Store(sums.Right1, row + 16, column + 32, part);
            Store(sums.Left2, row + 32, column, part);
            Store(sums.Right2, row + 32, column + 32, part);
            Store(sums.Left3, row + 48, column, part);
            Store(sums.Right3, row + 48, column + 32, part);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(TensorRow sums, int row, int column, int part)
    {
        Store(sums.C0, row, column, part);
        Store(sums.C1, row, column + 8, part);
        Store(sums.C2, row, column + 16, part);
        Store(sums.C3, row, column + 24, part);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(Quad sums, int row, int column, int part)
    {
        StoreTwo(sums.A, sums.B, row, column, part);
        StoreTwo(sums.C, sums.D, row + 8, column, part);
    }

    // Two neighbours, of an even column.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void StoreTwo(float first, float second, int row, int column, int part)
    {
        if (row >= Rows)
        {
            return;
        }

        if (HasPairs == 0)
        {
            Store(first, row, column, part);
            Store(second, row, column + 1, part);
        }
        else if (column < Columns)
        {
            var at = At(row, column, part);
            if (Accumulates != 0)
            {
                first = C.Load(at) + first;
                second = C.Load(at + 1) + second;
            }

            C.StorePair(at, Epilogue.Apply(first, row, column), Epilogue.Apply(second, row, column + 1));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(float sum, int row, int column, int part)
    {
        if (column < Columns)
        {
            var at = At(row, column, part);
            C.Store(at, Epilogue.Apply(Accumulates != 0 ? C.Load(at) + sum : sum, row, column));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int At(int row, int column, int part) => (((part * Rows) + row) * StrideC) + column;
}
