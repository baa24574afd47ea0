using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>
/// Losses of pairs, forward and backward, each in a process of its own: all that it ever held. 32,768 pairs, and 256 of them with a queue of 65,536. And the time of the contrastive one
/// beside that of the products which storing similarities takes.
/// </summary>
internal static unsafe class SimilarityMemoryGoal
{
    private const string Name = "similarity-memory";
    private const double MostBytes = 400e6;
    private const int Pairs = 32_768;
    private const int FewPairs = 4_096;
    private const int Width = 512;
    private const int FewKeys = 256;
    private const int Queued = 65_536;
    private const float Scale = 100;
    private const string Contrastive = "contrastive";
    private const string Sigmoid = "sigmoid";
    private const string Keys = "queue";

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        if (!context.Wants(Name))
        {
            yield break;
        }

        yield return Memory(context, Contrastive, Pairs, 0, "");
        yield return Memory(context, Sigmoid, Pairs, 0, "/sigmoid");
        yield return Memory(context, Keys, FewKeys, Queued, "/queue");

        using var cpu = new CpuContext(context.Threads, context.Device.Set);
        using var pairs = new PairsOfVectors(cpu, FewPairs, 0, Contrastive);
        using var stored = new StoredProducts(cpu, pairs);
        var samples = Measuring.Measure.InTurn(context.Peak, 20, 5, [() => Sample.Of(pairs.Run), () => Sample.Of(stored.Run)]);
        var (tiled, products) = (samples[0].Seconds, samples[1].Seconds);
        yield return new Line(Name + "/time", $"{products / tiled:F2}x", "-", Outcome.Met,
            $"{FewPairs} pairs: {1e3 * tiled:F0} ms beside {1e3 * products:F0} ms of the six products alone that similarities stored both ways take; {context.Threads} threads, {samples.MinBy(static s => s.Calm)}");
    }

    private static Line Memory(GoalContext context, string loss, int pairs, int queued, string name)
    {
        var numbers = Array.ConvertAll(ChildProcess.Self(["pairs-memory", loss, $"{context.Threads}"]).Split(' '), double.Parse);
        return new Line(Name + name, $"{numbers[0] / 1e6:F0} MB", $"< {MostBytes / 1e6:F0} MB", numbers[0] < MostBytes ? Outcome.Met : Outcome.Short,
            $"peak resident memory of a process with {pairs} pairs of {Width}{(queued == 0 ? "" : $", {queued} more on one side")}, their gradients and the {loss} loss; {numbers[1]:F1} s forward and backward; "
            + $"its similarities alone would be {4.0 * pairs * (pairs + queued) / 1e9:F2} GB");
    }

    /// <summary>Computes a loss and its gradients in this process and prints peak bytes and seconds.</summary>
    public static int Print(string loss, int threads)
    {
        using var cpu = new CpuContext(threads, Instructions.Best);
        using var pairs = new PairsOfVectors(cpu, loss == Keys ? FewKeys : Pairs, loss == Keys ? Queued : 0, loss);
        var time = Sample.Of(pairs.Run);
        Console.WriteLine(FormattableString.Invariant($"{ProcessMemory.Peak()} {time.Seconds}"));
        return float.IsFinite(pairs.Loss) ? 0 : 1;
    }

    /// <summary>Unit vectors, those of one side scaled, and what the loss writes.</summary>
    private sealed class PairsOfVectors : IDisposable
    {
        private readonly CpuContext _context;
        private readonly Arena _memory;
        private readonly int _queued;
        private readonly string _loss;

        public PairsOfVectors(CpuContext context, int pairs, int queued, string loss)
        {
            (_context, Pairs, _queued, _loss) = (context, pairs, queued, loss);
            _memory = new Arena((((4L * pairs) + queued) * Width * sizeof(float)) + (((6L * pairs) + 32) * sizeof(float)));
            var random = new Random(1);
            for (var row = 0L; row < (2L * pairs) + queued; row++)
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

            context.ReserveScratch(PairBlocks.SharedScratchBytes(pairs, queued, Width, 0), PairBlocks.WorkerScratchBytes(Width, 0));
        }

        public int Pairs { get; }

        public float* First => (float*)_memory.Pointer;

        public float* Second => First + ((long)Pairs * Width);

        public float* Gradients => Queue + ((long)_queued * Width);

        public float Loss => Numbers[0];

        private float* Queue => Second + ((long)Pairs * Width);

        private float* Kept => Gradients + (2L * Pairs * Width);

        private float* Numbers => Kept + (6L * Pairs);

        public void Run()
        {
            var a = new PairArguments { First = First, Second = Second, Pairs = Pairs, Queued = _queued, Width = Width, BothWays = _loss == Contrastive, Scale = Numbers + 1, Loss = Numbers };
            a.Queue = _queued == 0 ? null : Queue;
            (Numbers[0], Numbers[1], Numbers[2], Numbers[3]) = (0, 1f / Pairs, 1, -10);
            if (_loss == Sigmoid)
            {
                a.Bias = Numbers + 3;
                a.Losses = Kept;
                a.Slopes = Kept + Pairs;
                PairSigmoid.Forward(_context, in a);
                a.Loss = Numbers + 2;
                PairSigmoid.Backward(_context, a with { Gradient = Gradients });
                PairSigmoid.Backward(_context, a with { First = Second, Second = First, Gradient = Gradients + ((long)Pairs * Width) });
                return;
            }

            a.FirstLargest = Kept;
            a.FirstLogSum = Kept + Pairs;
            a.FirstOwn = Kept + (2L * Pairs);
            if (a.BothWays)
            {
                a.SecondLargest = Kept + (3L * Pairs);
                a.SecondLogSum = Kept + (4L * Pairs);
                a.SecondOwn = Kept + (5L * Pairs);
            }

            Contrast.Forward(_context, in a);
            a.Loss = Numbers + 2;
            Contrast.Backward(_context, a with { Gradient = Gradients });
            if (a.BothWays)
            {
                Contrast.Backward(_context, a with
                {
                    First = Second,
                    Second = First,
                    FirstLargest = a.SecondLargest,
                    FirstLogSum = a.SecondLogSum,
                    SecondLargest = a.FirstLargest,
                    SecondLogSum = a.FirstLogSum,
                    Gradient = Gradients + ((long)Pairs * Width),
                });
            }
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
