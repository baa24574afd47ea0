using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>Eight numbers in registers: a row of a thread's tile.</summary>
internal struct Eight
{
    public float A, B, C, D, E, F, G, H;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight Of(Quad left, Quad right) => new()
    {
        A = left.A,
        B = left.B,
        C = left.C,
        D = left.D,
        E = right.A,
        F = right.B,
        G = right.C,
        H = right.D,
    };

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight All(float value) => Of(Quad.All(value), Quad.All(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Eight e) => ((e.A + e.B) + (e.C + e.D)) + ((e.E + e.F) + (e.G + e.H));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Eight e) => DeviceMath.Max(
        DeviceMath.Max(DeviceMath.Max(e.A, e.B), DeviceMath.Max(e.C, e.D)), DeviceMath.Max(DeviceMath.Max(e.E, e.F), DeviceMath.Max(e.G, e.H)));
}
