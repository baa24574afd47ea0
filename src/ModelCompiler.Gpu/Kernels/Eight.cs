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

    /// <summary>One of two, without a branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight Choose(bool isFirst, Eight first, Eight second) => new()
    {
        A = isFirst ? first.A : second.A,
        B = isFirst ? first.B : second.B,
        C = isFirst ? first.C : second.C,
        D = isFirst ? first.D : second.D,
        E = isFirst ? first.E : second.E,
        F = isFirst ? first.F : second.F,
        G = isFirst ? first.G : second.G,
        H = isFirst ? first.H : second.H,
    };

    /// <summary>One of four, by the two lowest bits of its number: registers have no index.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight Choose(int number, Eight first, Eight second, Eight third, Eight fourth) =>
        Choose((number & 2) == 0, Choose((number & 1) == 0, first, second), Choose((number & 1) == 0, third, fourth));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight All(float value) => Of(Quad.All(value), Quad.All(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Eight e) => ((e.A + e.B) + (e.C + e.D)) + ((e.E + e.F) + (e.G + e.H));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Eight e) => DeviceMath.Max(
        DeviceMath.Max(DeviceMath.Max(e.A, e.B), DeviceMath.Max(e.C, e.D)), DeviceMath.Max(DeviceMath.Max(e.E, e.F), DeviceMath.Max(e.G, e.H)));
}
