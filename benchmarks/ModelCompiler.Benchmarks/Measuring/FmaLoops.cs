using System.Runtime.CompilerServices;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Benchmarks.Measuring;

/// <summary>
/// Loops that do nothing but multiply and add in registers. The sums are independent, more than the units times their latency,
/// and tend to 1, so that no number ever becomes denormal.
/// </summary>
internal static class FmaLoops
{
    /// <summary>24 sums, for 32 registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float Sums24<V>(long rounds)
        where V : unmanaged, ISimd<V>
    {
        V x = V.Create(0.999f), y = V.Create(0.001f);
        V a0 = V.Zero, a1 = V.Zero, a2 = V.Zero, a3 = V.Zero, a4 = V.Zero, a5 = V.Zero, a6 = V.Zero, a7 = V.Zero;
        V b0 = V.Zero, b1 = V.Zero, b2 = V.Zero, b3 = V.Zero, b4 = V.Zero, b5 = V.Zero, b6 = V.Zero, b7 = V.Zero;
        V c0 = V.Zero, c1 = V.Zero, c2 = V.Zero, c3 = V.Zero, c4 = V.Zero, c5 = V.Zero, c6 = V.Zero, c7 = V.Zero;
        for (var i = 0L; i < rounds; i++)
        {
            a0 = V.MultiplyAdd(a0, x, y);
            a1 = V.MultiplyAdd(a1, x, y);
            a2 = V.MultiplyAdd(a2, x, y);
            a3 = V.MultiplyAdd(a3, x, y);
            a4 = V.MultiplyAdd(a4, x, y);
            a5 = V.MultiplyAdd(a5, x, y);
            a6 = V.MultiplyAdd(a6, x, y);
            a7 = V.MultiplyAdd(a7, x, y);
            b0 = V.MultiplyAdd(b0, x, y);
            b1 = V.MultiplyAdd(b1, x, y);
            b2 = V.MultiplyAdd(b2, x, y);
            b3 = V.MultiplyAdd(b3, x, y);
            b4 = V.MultiplyAdd(b4, x, y);
            b5 = V.MultiplyAdd(b5, x, y);
            b6 = V.MultiplyAdd(b6, x, y);
            b7 = V.MultiplyAdd(b7, x, y);
            c0 = V.MultiplyAdd(c0, x, y);
            c1 = V.MultiplyAdd(c1, x, y);
            c2 = V.MultiplyAdd(c2, x, y);
            c3 = V.MultiplyAdd(c3, x, y);
            c4 = V.MultiplyAdd(c4, x, y);
            c5 = V.MultiplyAdd(c5, x, y);
            c6 = V.MultiplyAdd(c6, x, y);
            c7 = V.MultiplyAdd(c7, x, y);
        }

        return V.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + b0 + b1 + b2 + b3 + b4 + b5 + b6 + b7 + c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7);
    }

    /// <summary>12 sums, for 16 registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float Sums12<V>(long rounds)
        where V : unmanaged, ISimd<V>
    {
        V x = V.Create(0.999f), y = V.Create(0.001f);
        V a0 = V.Zero, a1 = V.Zero, a2 = V.Zero, a3 = V.Zero, a4 = V.Zero, a5 = V.Zero;
        V b0 = V.Zero, b1 = V.Zero, b2 = V.Zero, b3 = V.Zero, b4 = V.Zero, b5 = V.Zero;
        for (var i = 0L; i < rounds; i++)
        {
            a0 = V.MultiplyAdd(a0, x, y);
            a1 = V.MultiplyAdd(a1, x, y);
            a2 = V.MultiplyAdd(a2, x, y);
            a3 = V.MultiplyAdd(a3, x, y);
            a4 = V.MultiplyAdd(a4, x, y);
            a5 = V.MultiplyAdd(a5, x, y);
            b0 = V.MultiplyAdd(b0, x, y);
            b1 = V.MultiplyAdd(b1, x, y);
            b2 = V.MultiplyAdd(b2, x, y);
            b3 = V.MultiplyAdd(b3, x, y);
            b4 = V.MultiplyAdd(b4, x, y);
            b5 = V.MultiplyAdd(b5, x, y);
        }

        return V.Sum(a0 + a1 + a2 + a3 + a4 + a5 + b0 + b1 + b2 + b3 + b4 + b5);
    }
}
