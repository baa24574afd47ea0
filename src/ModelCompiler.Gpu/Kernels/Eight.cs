using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>Eight sums in registers: a row of a thread's tile.</summary>
internal struct Eight
{
    public float A, B, C, D, E, F, G, H;

    /// <summary>Adds <paramref name="x"/> times a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight MultiplyAdd(float x, Eight row, Eight sum)
    {
        sum.A += x * row.A;
        sum.B += x * row.B;
        sum.C += x * row.C;
        sum.D += x * row.D;
        sum.E += x * row.E;
        sum.F += x * row.F;
        sum.G += x * row.G;
        sum.H += x * row.H;
        return sum;
    }
}
