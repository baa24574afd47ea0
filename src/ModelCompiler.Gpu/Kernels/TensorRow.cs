using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>A thread's part of 16 x 32 sums: of each 16 x 8, two neighbours of a row and two of the row eight below (PTX ISA, fragments of mma).</summary>
internal struct TensorRow
{
    public Quad C0, C1, C2, C3;

    /// <summary>Adds a product of 16 rows and 32 columns: those of <paramref name="left"/> and <paramref name="right"/>, each 16 in the order of A's fragments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow MultiplyAdd<TKind>(Words a, Words left, Words right, TensorRow sums)
        where TKind : struct, ITensorKind
    {
        sums.C0 = TKind.MultiplyAdd(sums.C0, a, left.A, left.C);
        sums.C1 = TKind.MultiplyAdd(sums.C1, a, left.B, left.D);
        sums.C2 = TKind.MultiplyAdd(sums.C2, a, right.A, right.C);
        sums.C3 = TKind.MultiplyAdd(sums.C3, a, right.B, right.D);
        return sums;
    }
}
