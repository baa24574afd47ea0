using ILGPU;
using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck.Reporting;

namespace ModelCompiler.GpuCheck.Speed;

/// <summary>
/// Products of tensor cores in registers, by the instructions of compute capability 8.0 (PTX ISA, mma.sync): what kernels of this project can reach. From
/// capability 9.0 on a group of warps has instructions that do more, which cuBLAS uses.
/// </summary>
internal sealed class TensorPeak : IPeak
{
    private const int Threads = 256, ProductsOfRound = 16;
    private const double Seconds = 0.25;
    private readonly GpuContext _context;
    private readonly GpuArena _sums;
    private readonly Action<GpuContext, int, Arguments> _launch;
    private readonly int _groups;
    private readonly double _operations;

    private TensorPeak(GpuContext context, string name, int operations, Action<GpuContext, int, Arguments> launch)
    {
        (_context, Name, _launch, _groups) = (context, name, launch, 8 * context.Multiprocessors);
        _sums = new GpuArena(context, (long)_groups * Threads * sizeof(float));
        _operations = (double)operations * ProductsOfRound * Rounds * _groups * (Threads / ByWarps.Threads);
    }

    public string Name { get; }

    public double Best { get; private set; }

    private static int Rounds => 4096;

    /// <summary>Of elements of 16 bits.</summary>
    public static TensorPeak Narrow(GpuContext context) => new(context, "peak, bf16", 2 * 16 * 8 * 16, Launch<NarrowKind>);

    /// <summary>Of floats of which 10 bits of mantissa are multiplied.</summary>
    public static TensorPeak Tf32(GpuContext context) => new(context, "peak, TF32", 2 * 16 * 8 * 8, Launch<Tf32Kind>);

    public double Again() => Best = Math.Max(Best, _operations / Timing.Best(_context, Seconds, () => _launch(_context, _groups, new Arguments { Sums = _sums.View, Rounds = Rounds, Word = 0x3c003c00 })));

    public Result Measure() => new(true, FormattableString.Invariant($"{Again() / 1e9:F0} GFLOP/s of products in registers"), ("gflops", Best / 1e9));

    public void Dispose() => _sums.Dispose();

    private static void Launch<TKind>(GpuContext context, int groups, Arguments arguments)
        where TKind : struct, ITensorKind => context.Launch(Body<TKind>, groups, Threads, in arguments);

    private static void Body<TKind>(Arguments a)
        where TKind : struct, ITensorKind
    {
        var words = new Words { A = a.Word, B = a.Word, C = a.Word, D = a.Word };
        var (r0, r1, r2, r3) = (TensorRow.Begin(), TensorRow.Begin(), TensorRow.Begin(), TensorRow.Begin());
        for (var i = 0; i < a.Rounds; i++)
        {
            r0 = TensorRow.MultiplyAdd<TKind>(words, words, words, r0);
            r1 = TensorRow.MultiplyAdd<TKind>(words, words, words, r1);
            r2 = TensorRow.MultiplyAdd<TKind>(words, words, words, r2);
            r3 = TensorRow.MultiplyAdd<TKind>(words, words, words, r3);
        }

        a.Sums[(Grid.IdxX * Group.DimX) + Group.IdxX] = Sum(r0) + Sum(r1) + Sum(r2) + Sum(r3);
    }

    private static float Sum(TensorRow r) => Sum(r.C0) + Sum(r.C1) + Sum(r.C2) + Sum(r.C3);

    private static float Sum(Quad q) => q.A + q.B + q.C + q.D;

    internal struct Arguments
    {
        public ArrayView<float> Sums;
        public int Rounds;
        public uint Word;
    }
}
