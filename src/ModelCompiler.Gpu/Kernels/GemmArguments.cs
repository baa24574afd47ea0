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

    /// <summary>Ends two neighbouring sums, the first of an even column, in each of four rows. All are of the result.</summary>
    /// <param name="step">Rows from one to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Pair first, Pair second, Pair third, Pair fourth, int row, int step, int column, int part)
    {
        var at0 = At(row, column, part);
        var at1 = at0 + (step * StrideC);
        var at2 = at1 + (step * StrideC);
        var at3 = at2 + (step * StrideC);
        if (Accumulates != 0)
        {
            first = Sum(at0, first);
            second = Sum(at1, second);
            third = Sum(at2, third);
            fourth = Sum(at3, fourth);
        }

        // Nothing is stored before all is read: a store could be of what the next formula reads, for all that ptxas knows.
        first = End(first, row, column);
        second = End(second, row + step, column);
        third = End(third, row + (2 * step), column);
        fourth = End(fourth, row + (3 * step), column);
        if (HasPairs != 0)
        {
            C.StorePair(at0, first.A, first.B);
            C.StorePair(at1, second.A, second.B);
            C.StorePair(at2, third.A, third.B);
            C.StorePair(at3, fourth.A, fourth.B);
        }
        else
        {
            Store(at0, first);
            Store(at1, second);
            Store(at2, third);
            Store(at3, fourth);
        }
    }

    /// <summary>Ends a sum of a row of the result; a column outside of it is left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float sum, int row, int column, int part)
    {
        if (column < Columns)
        {
            var at = At(row, column, part);
            C.Store(at, Epilogue.Apply(Accumulates != 0 ? C.Load(at) + sum : sum, row, column));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Pair Sum(int at, Pair pair) => new() { A = C.Load(at) + pair.A, B = C.Load(at + 1) + pair.B };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Pair End(Pair pair, int row, int column) => new() { A = Epilogue.Apply(pair.A, row, column), B = Epilogue.Apply(pair.B, row, column + 1) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(int at, Pair pair)
    {
        C.Store(at, pair.A);
        C.Store(at + 1, pair.B);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int At(int row, int column, int part) => (((part * Rows) + row) * StrideC) + column;
}
