using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>The contrastive loss of 32,768 pairs, forward and backward, in a process of its own: all that it ever held. And its time beside that of the products which storing similarities takes.</summary>
internal static unsafe class SimilarityMemoryGoal
{
    private const string Name = "similarity-memory";
    private const double MostBytes = 400e6;
    private const int Pairs = 32_768;
    private const int FewPairs = 4_096;
    private const int Width = 512;
    private const float Scale = 100;

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        if (!context.Wants(Name))
        {
            yield break;
        }

        var numbers = Array.ConvertAll(ChildProcess.Self(["contrast-memory", $"{context.Threads}"]).Split(' '), double.Parse);
        yield return new Line(Name, $"{numbers[0] / 1e6:F0} MB", $"< {MostBytes / 1e6:F0} MB", numbers[0] < MostBytes ? Outcome.Met : Outcome.Short,
            $"peak resident memory of a process with {Pairs} pairs of {Width}, their gradients and the loss; {numbers[1]:F0} s forward and backward; its similarities alone would be {4.0 * Pairs * Pairs / 1e9:F1} GB");

        using var cpu = new CpuContext(context.Threads, context.Device.Set);
        using var pairs = new PairsOfVectors(cpu, FewPairs);
        using var stored = new StoredProducts(cpu, pairs);
        var samples = Measuring.Measure.InTurn(context.Peak, 20, 5, [() => Sample.Of(pairs.Run), () => Sample.Of(stored.Run)]);
        var (tiled, products) = (samples[0].Seconds, samples[1].Seconds);
        yield return new Line(Name + "/time", $"{products / tiled:F2}x", "-", Outcome.Met,
            $"{FewPairs} pairs: {1e3 * tiled:F0} ms beside {1e3 * products:F0} ms of the six products alone that similarities stored both ways take; {context.Threads} threads, {samples.MinBy(static s => s.Calm)}");
    }

    /// <summary>Computes loss and gradients in this process and prints peak bytes and seconds.</summary>
    public static int Print(int threads)
    {
        using var cpu = new CpuContext(threads, Instructions.Best);
        using var pairs = new PairsOfVectors(cpu, Pairs);
        var time = Sample.Of(pairs.Run);
        Console.WriteLine(FormattableString.Invariant($"{ProcessMemory.Peak()} {time.Seconds}"));
        return float.IsFinite(pairs.Loss) ? 0 : 1;
    }

    /// <summary>Unit vectors, those of one side scaled, and what the loss writes.</summary>
    private sealed class PairsOfVectors : IDisposable
    {
        private readonly CpuContext _context;
        private readonly Arena _memory;

        public PairsOfVectors(CpuContext context, int pairs)
        {
            (_context, Pairs) = (context, pairs);
            _memory = new Arena(((4L * pairs * Width) + (5L * pairs) + 32) * sizeof(float));
            var random = new Random(1);
            for (var row = 0L; row < 2L * pairs; row++)
            {
                var vector = new Span<float>(First + (row * Width), Width);
                var sum = 0.0;
                foreach (ref var value in vector)
                {
                    value = (float)(random.NextDouble() - 0.5);
                    sum += value * (double)value;
                }

                foreach (ref var value in vector)
                {
                    value *= (float)((row < pairs ? Scale : 1) / Math.Sqrt(sum));
                }
            }

            context.ReserveScratch(Contrast.SharedScratchBytes(pairs, Width), Contrast.WorkerScratchBytes(Width));
        }

        public int Pairs { get; }

        public float* First => (float*)_memory.Pointer;

        public float* Second => First + ((long)Pairs * Width);

        public float* Gradients => Second + ((long)Pairs * Width);

        public float Loss => Numbers[0];

        private float* Kept => Gradients + (2L * Pairs * Width);

        private float* Numbers => Kept + (5L * Pairs);

        public void Run()
        {
            var a = new ContrastArguments
            {
                First = First,
                Second = Second,
                Pairs = Pairs,
                Width = Width,
                FirstLargest = Kept,
                FirstLogSum = Kept + Pairs,
                SecondLargest = Kept + (2L * Pairs),
                SecondLogSum = Kept + (3L * Pairs),
                Own = Kept + (4L * Pairs),
            };
            var turned = a with { First = Second, Second = First, FirstLargest = a.SecondLargest, FirstLogSum = a.SecondLogSum, SecondLargest = a.FirstLargest, SecondLogSum = a.FirstLogSum };
            (Numbers[1], Numbers[2]) = (1f / Pairs, 1f);
            Contrast.Forward(_context, in a, Numbers + 1, Numbers);
            Contrast.Backward(_context, in a, new ContrastGradient { Vectors = Gradients, Scale = Numbers + 1, Loss = Numbers + 2 });
            Contrast.Backward(_context, in turned, new ContrastGradient { Vectors = Gradients + ((long)Pairs * Width), Scale = Numbers + 1, Loss = Numbers + 2 });
        }

        public void Dispose() => _memory.Dispose();
    }

    /// <summary>Similarities of both ways, and the gradients of both sides from each.</summary>
    private sealed class StoredProducts : IDisposable
    {
        private readonly CpuContext _context;
        private readonly PairsOfVectors _pairs;
        private readonly Arena _similarities;

        public StoredProducts(CpuContext context, PairsOfVectors pairs)
        {
            (_context, _pairs, _similarities) = (context, pairs, new Arena((long)pairs.Pairs * pairs.Pairs * sizeof(float)));
            context.ReserveScratch(Math.Max(Gemm.SharedScratchBytes(pairs.Pairs, pairs.Pairs, Width), Gemm.SharedScratchBytes(pairs.Pairs, Width, pairs.Pairs)), Gemm.WorkerScratchBytes);
        }

        public void Run()
        {
            for (var way = 0; way < 2; way++)
            {
                Multiply(_pairs.First, _pairs.Second, (float*)_similarities.Pointer, _pairs.Pairs, Width, isTurned: false, transposes: true);
                Multiply((float*)_similarities.Pointer, _pairs.Second, _pairs.Gradients, Width, _pairs.Pairs, isTurned: false, transposes: false);
                Multiply((float*)_similarities.Pointer, _pairs.First, _pairs.Gradients, Width, _pairs.Pairs, isTurned: true, transposes: false);
            }
        }

        private void Multiply(float* a, float* b, float* c, int columns, int inner, bool isTurned, bool transposes)
        {
            var product = new MatrixProduct
            {
                A = a,
                B = b,
                C = c,
                Rows = _pairs.Pairs,
                Columns = columns,
                Inner = inner,
                StrideA = inner,
                StrideB = transposes ? inner : columns,
                StrideC = columns,
                TransposeA = isTurned,
                TransposeB = transposes,
            };
            Gemm.Run(_context, in product, default(NoEpilogue));
        }

        public void Dispose() => _similarities.Dispose();
    }
}
