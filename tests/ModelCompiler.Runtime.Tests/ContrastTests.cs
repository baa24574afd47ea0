using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Runtime.Tests;

/// <summary>Contrast by blocks against all similarities at once in double: sizes around tiles and blocks of columns, and the same bits at any number of threads.</summary>
public sealed unsafe class ContrastTests
{
    private const float Scale = 0.25f, Upstream = 2;

    public static TheoryData<int, int, InstructionSet> Cases => new(
        from size in new[] { (1, 1), (2, 5), (13, 33), (96, 16), (97, 7), (512, 32), (513, 40), (1100, 24) }
        from set in Enum.GetValues<InstructionSet>()
        select (size.Item1, size.Item2, set));

    [Theory, MemberData(nameof(Cases))]
    public void Agrees_with_all_similarities_at_once(int pairs, int width, InstructionSet set)
    {
        Assert.SkipUnless(Instructions.IsSupported(set), $"{set} is not supported here");
        var (first, second) = (Numbers(pairs * width, 1), Numbers(pairs * width, 2));
        var (expected, actual) = (Reference(first, second, pairs, width), Run(first, second, pairs, width, set, threads: 2));
        for (var i = 0; i < expected.Length; i++)
        {
            var scale = Math.Max(1e-2, expected[i].Max(Math.Abs));
            Assert.All(expected[i].Zip(actual[i]), pair => Assert.Equal(pair.First, pair.Second, 3e-6 * scale));
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Bits_do_not_depend_on_threads(int pairs, int width, InstructionSet set)
    {
        Assert.SkipUnless(Instructions.IsSupported(set), $"{set} is not supported here");
        var (first, second) = (Numbers(pairs * width, 1), Numbers(pairs * width, 2));
        var one = Run(first, second, pairs, width, set, threads: 1);
        foreach (var threads in new[] { 2, 3, 8 })
        {
            Assert.Equal(one, Run(first, second, pairs, width, set, threads));
        }
    }

    // Sums over both ways would round differently if the sides' own similarities were not the same bits.
    [Fact]
    public void Turned_sides_give_the_same_loss_and_gradients()
    {
        var (first, second) = (Numbers(700 * 20, 1), Numbers(700 * 20, 2));
        var (there, back) = (Run(first, second, 700, 20, Instructions.Best, 2, adds: false), Run(second, first, 700, 20, Instructions.Best, 2, adds: false));
        Assert.Equal(there[1], back[2]);
        Assert.Equal(there[2], back[1]);
        Assert.Equal(there[0][0], back[0][0], 1e-6 * Math.Abs(there[0][0]));
    }

    // The second gradient may be added to what is there.
    private static float[][] Run(float[] first, float[] second, int pairs, int width, InstructionSet set, int threads, bool adds = true)
    {
        using var context = new CpuContext(threads, set);
        context.ReserveScratch(Contrast.SharedScratchBytes(pairs, width), Contrast.WorkerScratchBytes(width));
        var (loss, dFirst, dSecond, kept) = (new float[1], new float[pairs * width], Enumerable.Repeat(adds ? 1f : 0f, pairs * width).ToArray(), new float[5 * pairs]);
        var (scale, upstream) = (Scale, Upstream);
        fixed (float* a = first, b = second, l = loss, da = dFirst, db = dSecond, k = kept)
        {
            var arguments = new ContrastArguments
            {
                First = a,
                Second = b,
                Pairs = pairs,
                Width = width,
                FirstLargest = k,
                FirstLogSum = k + pairs,
                SecondLargest = k + (2 * pairs),
                SecondLogSum = k + (3 * pairs),
                Own = k + (4 * pairs),
            };
            var turned = arguments with
            {
                First = b,
                Second = a,
                FirstLargest = arguments.SecondLargest,
                FirstLogSum = arguments.SecondLogSum,
                SecondLargest = arguments.FirstLargest,
                SecondLogSum = arguments.FirstLogSum,
            };
            Contrast.Forward(context, in arguments, &scale, l);
            Contrast.Backward(context, in arguments, new ContrastGradient { Vectors = da, Scale = &scale, Loss = &upstream });
            Contrast.Backward(context, in turned, new ContrastGradient { Vectors = db, Scale = &scale, Loss = &upstream, Adds = adds });
        }

        return [loss, dFirst, [.. dSecond.Select(v => adds ? v - 1 : v)]];
    }

    private static double[][] Reference(float[] first, float[] second, int pairs, int width)
    {
        var s = new double[pairs, pairs];
        var (rows, columns) = (new double[pairs], new double[pairs]);
        for (var r = 0; r < pairs; r++)
        {
            for (var c = 0; c < pairs; c++)
            {
                for (var i = 0; i < width; i++)
                {
                    s[r, c] += (double)first[(r * width) + i] * second[(c * width) + i];
                }

                rows[r] += Math.Exp(s[r, c]);
                columns[c] += Math.Exp(s[r, c]);
            }
        }

        var loss = Enumerable.Range(0, pairs).Sum(i => 0.5 * Scale * (Math.Log(rows[i]) + Math.Log(columns[i]) - (2 * s[i, i])));
        var (dFirst, dSecond) = (new double[pairs * width], new double[pairs * width]);
        for (var r = 0; r < pairs; r++)
        {
            for (var c = 0; c < pairs; c++)
            {
                var d = 0.5 * Scale * Upstream * ((Math.Exp(s[r, c]) * ((1 / rows[r]) + (1 / columns[c]))) - (r == c ? 2 : 0));
                for (var i = 0; i < width; i++)
                {
                    dFirst[(r * width) + i] += d * second[(c * width) + i];
                    dSecond[(c * width) + i] += d * first[(r * width) + i];
                }
            }
        }

        return [[loss], dFirst, dSecond];
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(2 * (random.NextDouble() - 0.5)))];
    }
}
