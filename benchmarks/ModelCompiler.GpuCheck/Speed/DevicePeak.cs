using System.Runtime.CompilerServices;
using ILGPU;
using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck.Reporting;

namespace ModelCompiler.GpuCheck.Speed;

/// <summary>
/// Multiply-adds in registers: the most that the device's ordinary units do, and what shares are shares of. Tensor cores are not among them.
/// The sums of a thread are independent of each other, enough for OpenCL on a CPU to fill its vectors with, and tend to 1.
/// </summary>
internal sealed class DevicePeak : IPeak
{
    private const int SumsOfThread = 64;
    private const int Threads = 256;
    private const double Seconds = 0.25;
    private const double ShortestRun = 0.005; // the launch does not count, on one core as on a large GPU
    private readonly GpuContext _context;
    private readonly GpuArena _sums;
    private readonly int _groups;
    private readonly long _threads;
    private readonly Arguments _arguments;

    public DevicePeak(GpuContext context)
    {
        _context = context;
        _groups = 32 * context.Accelerator.NumMultiprocessors;
        _threads = (long)_groups * context.GroupSize(Threads);
        _sums = new GpuArena(context, _threads * sizeof(float));
        (_arguments.Sums, _arguments.Factor, _arguments.Summand, _arguments.Rounds) = (_sums.View, 0.999f, 0.001f, 64);
        while (Once() < ShortestRun && _arguments.Rounds < 1 << 20)
        {
            _arguments.Rounds *= 2;
        }
    }

    public string Name => "peak";

    public double Best { get; private set; }

    public double Again() => Best = Math.Max(Best, 2.0 * SumsOfThread * _arguments.Rounds * _threads / Once());

    public Result Measure() => new(true, FormattableString.Invariant($"{Again() / 1e9:F0} GFLOP/s of multiply-adds in registers, float32"), ("gflops", Best / 1e9));

    public void Dispose() => _sums.Dispose();

    private double Once() => Timing.Best(_context, Seconds, () => _context.Launch(Body, _groups, Threads, in _arguments));

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
