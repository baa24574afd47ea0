using System.Runtime.CompilerServices;

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
    public int StrideA, StrideB, StrideC, Rows, Columns, Inner, TilesInRow, Tiles, Accumulates;

    /// <summary>Divides the result among groups, or threads; the host asks.</summary>
    public void Divide(int rows, int columns)
    {
        TilesInRow = (Columns + columns - 1) / columns;
        Tiles = (Rows + rows - 1) / rows * TilesInRow;
    }

    /// <summary>Ends the sums of eight columns of a row; what is outside of the result is left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Eight sums, int row, int left, int right)
    {
        if (row >= Rows)
        {
            return;
        }

        Store(sums.A, row, left);
        Store(sums.B, row, left + 1);
        Store(sums.C, row, left + 2);
        Store(sums.D, row, left + 3);
        Store(sums.E, row, right);
        Store(sums.F, row, right + 1);
        Store(sums.G, row, right + 2);
        Store(sums.H, row, right + 3);
    }

    /// <summary>Ends a thread's part of the sums of a warp, from its first row and column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(TensorRow sums, int row, int column)
    {
        Store(sums.C0, row, column);
        Store(sums.C1, row, column + 8);
        Store(sums.C2, row, column + 16);
        Store(sums.C3, row, column + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(Quad sums, int row, int column)
    {
        if (row < Rows)
        {
            Store(sums.A, row, column);
            Store(sums.B, row, column + 1);
        }

        if (row + 8 < Rows)
        {
            Store(sums.C, row + 8, column);
            Store(sums.D, row + 8, column + 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(float sum, int row, int column)
    {
        if (column < Columns)
        {
            var at = (row * StrideC) + column;
            C.Store(at, Epilogue.Apply(Accumulates != 0 ? C.Load(at) + sum : sum, row, column));
        }
    }
}
