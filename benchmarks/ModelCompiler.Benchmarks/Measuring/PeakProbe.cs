using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Benchmarks.Measuring;

/// <summary>Measures the most multiply-adds that some threads can do right now: what every share is a share of.</summary>
internal sealed unsafe class PeakProbe : IDisposable
{
    /// <summary>What the time of a sample is the time of.</summary>
    public const double Operations = 1e9;

    private const int ChunksPerThread = 4;
    private const double CalibrationSeconds = 0.004;

    // 512-bit code has 32 registers, and so have shorter vectors on ARM and where AVX-512VL is.
    private static readonly bool s_has32Registers = Avx512F.VL.IsSupported || AdvSimd.Arm64.IsSupported;
    private static float s_sink; // keeps the sums alive
    private readonly ThreadTeam _team;
    private readonly int _floatsPerRound;
    private long _roundsPerSecond = 10_000_000;

    public PeakProbe(int threads)
    {
        _team = new ThreadTeam(threads);
        _floatsPerRound = Lanes * (s_has32Registers ? 24 : 12);
        for (var i = 0; i < 8; i++)
        {
            Take(CalibrationSeconds);
        }
    }

    public int Threads => _team.Threads;

    private static int Lanes => Instructions.Best switch
    {
        InstructionSet.Vector512 => Simd512.Lanes,
        InstructionSet.Vector256 => Simd256.Lanes,
        _ => Simd128.Lanes,
    };

    /// <summary>The time of <see cref="Operations"/> operations on all threads together, a multiply-add being two.</summary>
    /// <param name="seconds">About how long to measure. A probe much shorter than the system's time slice does not see other processes.</param>
    public Sample Take(double seconds)
    {
        Run(1L + (_roundsPerSecond / 10_000)); // wakes the threads
        var rounds = 1L + (long)(seconds * _roundsPerSecond / ChunksPerThread);
        var sample = Sample.Of(() => Run(rounds));
        _roundsPerSecond = Math.Max(_roundsPerSecond, (long)(rounds * ChunksPerThread / sample.Seconds));
        return sample with { Seconds = sample.Seconds * Operations / (2.0 * _floatsPerRound * rounds * ChunksPerThread * Threads) };
    }

    /// <summary>Measures for about a fifth of a second.</summary>
    public Samples Measure() => new([.. Enumerable.Range(0, 11).Select(_ => Take(0.02))], Threads);

    public void Dispose() => _team.Dispose();

    private void Run(long rounds) => _team.Run(_team.Threads * ChunksPerThread, &Chunk, &rounds);

    private static void Chunk(void* state, int chunk, int worker)
    {
        var rounds = *(long*)state;
        s_sink = (Instructions.Best, s_has32Registers) switch
        {
            (InstructionSet.Vector512, _) => FmaLoops.Sums24<Simd512>(rounds),
            (InstructionSet.Vector256, true) => FmaLoops.Sums24<Simd256>(rounds),
            (InstructionSet.Vector256, false) => FmaLoops.Sums12<Simd256>(rounds),
            (_, true) => FmaLoops.Sums24<Simd128>(rounds),
            _ => FmaLoops.Sums12<Simd128>(rounds),
        };
    }
}
