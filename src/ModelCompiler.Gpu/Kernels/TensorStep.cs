using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>A thread's parts of what its warp multiplies in a step of the inner dimension: up to 64 rows of A and columns of B, 16 each.</summary>
internal struct TensorStep
{
    public Words A0, A1, A2, A3, B0, B1, B2, B3;

    /// <param name="buffer">Bytes from the first buffer to the one that is read.</param>
    /// <param name="step">Of the slice: a constant.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorStep Load<TKind, TTile, TA, TB>(TensorReader a, TensorReader b, int buffer, int step)
        where TKind : struct, ITensorKind
        where TTile : struct, ITensorTile
        where TA : struct, ILayout
        where TB : struct, ILayout
    {
        TensorStep s = default;
        s.A0 = TensorReader.Load<TKind>(a, buffer, 0, step, TTile.RowBits, TA.IsByRows, isRight: false);
        s.A1 = TensorReader.Load<TKind>(a, buffer, 1, step, TTile.RowBits, TA.IsByRows, isRight: false);
        s.B0 = TensorReader.Load<TKind>(b, buffer, 0, step, TTile.ColumnBits, !TB.IsByRows, isRight: true);
        s.B1 = TensorReader.Load<TKind>(b, buffer, 1, step, TTile.ColumnBits, !TB.IsByRows, isRight: true);
        if (TTile.WarpBits == 6)
        {
            s.A2 = TensorReader.Load<TKind>(a, buffer, 2, step, TTile.RowBits, TA.IsByRows, isRight: false);
            s.A3 = TensorReader.Load<TKind>(a, buffer, 3, step, TTile.RowBits, TA.IsByRows, isRight: false);
            s.B2 = TensorReader.Load<TKind>(b, buffer, 2, step, TTile.ColumnBits, !TB.IsByRows, isRight: true);
            s.B3 = TensorReader.Load<TKind>(b, buffer, 3, step, TTile.ColumnBits, !TB.IsByRows, isRight: true);
        }

        return s;
    }
}
