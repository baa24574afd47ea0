using System.Runtime.CompilerServices;
using ILGPU;
using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck.Reporting;

namespace ModelCompiler.GpuCheck.Speed;

/// <summary>
/// Multiply-adds in registers: the most that the device's ordinary units do, and what shares are shares of. Tensor cores are not among them.
/// The sums of a thread are independent of each other, enough for OpenCL on a CPU to fill its vectors with, and tend to 1.
/// </summary>
internal static class PeakKernel
{
    private const int SumsOfThread = 64;
    private const int Threads = 256;
    private const double Seconds = 0.5;

    /// <param name="peak">Operations a second, a multiply-add being two.</param>
    public static Result Measure(GpuContext context, out double peak)
    {
        var groups = 32 * context.Accelerator.NumMultiprocessors;
        var threads = (long)groups * context.GroupSize(Threads);
        using var sums = new GpuArena(context, threads * sizeof(float));
        Arguments a = default;
        (a.Sums, a.Factor, a.Summand) = (sums.View, 0.999f, 0.001f);

        // Long enough that the launch does not count, on one core as on a large GPU.
        for (a.Rounds = 64; Once() < 0.005 && a.Rounds < 1 << 20; a.Rounds *= 2)
        {
        }

        peak = 2.0 * SumsOfThread * a.Rounds * threads / Once();
        return new Result(true, FormattableString.Invariant($"{peak / 1e9:F0} GFLOP/s of multiply-adds in registers, float32"), ("gflops", peak / 1e9));

        double Once() => Timing.Best(context, Seconds, () => context.Launch(Body, groups, Threads, in a));
    }

    private static void Body(Arguments a)
    {
        var x = a.Factor;
        var y = new Eight { A = a.Summand, B = a.Summand, C = a.Summand, D = a.Summand, E = a.Summand, F = a.Summand, G = a.Summand, H = a.Summand };
        Eight s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (var i = 0; i < a.Rounds; i++)
        {
            s0 = Eight.MultiplyAdd(x, s0, y);
            s1 = Eight.MultiplyAdd(x, s1, y);
            s2 = Eight.MultiplyAdd(x, s2, y);
            s3 = Eight.MultiplyAdd(x, s3, y);
            s4 = Eight.MultiplyAdd(x, s4, y);
            s5 = Eight.MultiplyAdd(x, s5, y);
            s6 = Eight.MultiplyAdd(x, s6, y);
            s7 = Eight.MultiplyAdd(x, s7, y);
        }

        a.Sums[(Grid.IdxX * Group.DimX) + Group.IdxX] = Sum(s0) + Sum(s1) + Sum(s2) + Sum(s3) + Sum(s4) + Sum(s5) + Sum(s6) + Sum(s7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Eight s) => s.A + s.B + s.C + s.D + s.E + s.F + s.G + s.H;

    internal struct Arguments
    {
        public ArrayView<float> Sums;
        public float Factor, Summand;
        public int Rounds;
    }
}
