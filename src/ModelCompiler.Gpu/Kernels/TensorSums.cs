using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>A thread's part of its warp's sums: 64 x 64, of which each field has 16 x 32, or 32 x 32, of which there are the first two of the left.</summary>
internal struct TensorSums
{
    public TensorRow Left0, Left1, Left2, Left3, Right0, Right1, Right2, Right3;

    /// <summary>Adds the products of a step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorSums MultiplyAdd<TKind, TTile>(TensorStep s, TensorSums sums)
        where TKind : struct, ITensorKind
        where TTile : struct, ITensorTile
    {
        sums.Left0 = TensorRow.MultiplyAdd<TKind>(s.A0, s.B0, s.B1, sums.Left0);
        sums.Left1 = TensorRow.MultiplyAdd<TKind>(s.A1, s.B0, s.B1, sums.Left1);
        if (TTile.WarpBits == 6)
        {
            sums.Left2 = TensorRow.MultiplyAdd<TKind>(s.A2, s.B0, s.B1, sums.Left2);
            sums.Left3 = TensorRow.MultiplyAdd<TKind>(s.A3, s.B0, s.B1, sums.Left3);
            sums.Right0 = TensorRow.MultiplyAdd<TKind>(s.A0, s.B2, s.B3, sums.Right0);
            sums.Right1 = TensorRow.MultiplyAdd<TKind>(s.A1, s.B2, s.B3, sums.Right1);
            sums.Right2 = TensorRow.MultiplyAdd<TKind>(s.A2, s.B2, s.B3, sums.Right2);
            sums.Right3 = TensorRow.MultiplyAdd<TKind>(s.A3, s.B2, s.B3, sums.Right3);
        }

        return sums;
    }
}
