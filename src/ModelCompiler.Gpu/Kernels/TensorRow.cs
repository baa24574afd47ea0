using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>A thread's part of 16 x 32 sums: of each 16 x 8, two neighbours of a row and two of the row eight below (PTX ISA, fragments of mma).</summary>
internal struct TensorRow
{
    public Quad C0, C1, C2, C3;

    /// <summary>Sums that are added to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow Begin()
    {
        var zeros = Quad.All(TensorCore.Zero());
        return new() { C0 = zeros, C1 = zeros, C2 = zeros, C3 = zeros };
    }

    /// <summary>Adds a product of 16 rows and 32 columns: those of <paramref name="left"/> and <paramref name="right"/>, each 8 in two words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow MultiplyAdd<TKind>(Words a, Words left, Words right, TensorRow sums)
        where TKind : struct, ITensorKind
    {
        sums.C0 = TKind.MultiplyAdd(sums.C0, a, left.A, left.B);
        sums.C1 = TKind.MultiplyAdd(sums.C1, a, left.C, left.D);
        sums.C2 = TKind.MultiplyAdd(sums.C2, a, right.A, right.B);
        sums.C3 = TKind.MultiplyAdd(sums.C3, a, right.C, right.D);
        return sums;
    }

    /// <summary>Sums of a row, times its factor.</summary>
    /// <param name="lower">Of the row eight below.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow Multiply(TensorRow sums, float upper, float lower)
    {
        sums.C0 = Multiply(sums.C0, upper, lower);
        sums.C1 = Multiply(sums.C1, upper, lower);
        sums.C2 = Multiply(sums.C2, upper, lower);
        sums.C3 = Multiply(sums.C3, upper, lower);
        return sums;
    }

    /// <summary>Sums of a row, or zeros where there should be none, whatever was summed.</summary>
    /// <param name="lower">Of the row eight below.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow Shown(TensorRow sums, bool upper, bool lower)
    {
        sums.C0 = Shown(sums.C0, upper, lower);
        sums.C1 = Shown(sums.C1, upper, lower);
        sums.C2 = Shown(sums.C2, upper, lower);
        sums.C3 = Shown(sums.C3, upper, lower);
        return sums;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Shown(Quad sums, bool upper, bool lower)
    {
        sums.A = upper ? sums.A : 0f;
        sums.B = upper ? sums.B : 0f;
        sums.C = lower ? sums.C : 0f;
        sums.D = lower ? sums.D : 0f;
        return sums;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Multiply(Quad sums, float upper, float lower)
    {
        sums.A *= upper;
        sums.B *= upper;
        sums.C *= lower;
        sums.D *= lower;
        return sums;
    }
}
