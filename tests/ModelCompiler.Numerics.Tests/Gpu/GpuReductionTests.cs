using ILGPU;
using ILGPU.Runtime;
using ModelCompiler.Gpu;
using ModelCompiler.Ptx;

namespace ModelCompiler.Numerics.Tests;

/// <summary>What the threads of a group make of one value each, through warps and through memory, as emulated PTX.</summary>
[Trait("suite", "gpu")]
public sealed class GpuReductionTests
{
    private const int Results = 4;

    public static TheoryData<int> Sizes => new(32, 64, 128, 256);

    // Numbers whose sums are exact in any order.
    [Theory, MemberData(nameof(Sizes))]
    public void All_threads_get_the_sum_the_greatest_and_the_sum_of_their_lanes(int threads)
    {
        float[] values = [.. Enumerable.Range(0, threads).Select(i => (float)((i * 37 % threads) - 20))];
        foreach (var hasWarps in new[] { false, true })
        {
            var (results, _) = Run(values, hasWarps);
            for (var thread = 0; thread < threads; thread++)
            {
                var lanes = values.Where((_, i) => i % 16 == thread % 16).Sum();
                Assert.Equal([values.Sum(), values.Max(), lanes, 4 * values.Sum()], Enumerable.Range(0, Results).Select(r => results[(r * threads) + thread]));
            }
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void All_threads_get_the_same_bits_also_where_a_value_is_no_number(int threads)
    {
        var random = new Random(threads);
        float[] values = [.. Enumerable.Range(0, threads).Select(_ => random.NextSingle() - 0.5f)];
        var sums = Run(values, hasWarps: true).Results;
        values[threads / 3] = float.NaN;
        var results = Run(values, hasWarps: true).Results;
        for (var thread = 0; thread < threads; thread++)
        {
            Assert.Equal(sums[0], sums[thread]);
            Assert.Equal(float.NaN, results[thread]);
            Assert.Equal(results[threads], results[threads + thread]);
        }
    }

    [Theory]
    [InlineData(32, 7, 0)]
    [InlineData(256, 10, 2)]
    public void Threads_wait_for_each_other_twice_instead_of_at_every_step(int threads, int byMemory, int byWarps)
    {
        // Three sums and a greatest value, and the sum of lanes: its steps end at sixteen threads, and warps exchange it always.
        var values = new float[threads];
        Assert.Equal((4 * byMemory) + byMemory - 4, Run(values, hasWarps: false).Work.Barriers);
        Assert.Equal((4 * byWarps) + 2, Run(values, hasWarps: true).Work.Barriers);
    }

    /// <summary>Norms, softmax, losses and sums of whole rows, whose kernels the generator emits.</summary>
    [Theory]
    [InlineData("LayerNorm")]
    [InlineData("RmsNorm")]
    [InlineData("Softmax")]
    [InlineData("CrossEntropy")]
    public void Emitted_kernels_wait_less_and_give_the_same(string op)
    {
        foreach (var name in GpuZoo.OpNames.Where(n => n.StartsWith(op, StringComparison.Ordinal)).Take(3))
        {
            var (memory, warps) = (new PtxEmulator(), new PtxEmulator());
            var expected = GpuZoo.Ops.Run(name, Device(memory, hasWarps: false));
            var actual = GpuZoo.Ops.Run(name, Device(warps, hasWarps: true));
            Assert.InRange(warps.Work.Barriers, 0, memory.Work.Barriers - 1);
            foreach (var (output, values) in expected.Outputs)
            {
                Assert.Null(Testing.Comparison.Of(Array.ConvertAll(values, static v => (double)v), Array.ConvertAll(actual.Outputs[output], static v => (double)v), 1e-5, output));
            }
        }
    }

    private static (float[] Results, PtxWork Work) Run(float[] values, bool hasWarps)
    {
        var emulator = new PtxEmulator();
        using var context = new GpuContext(Device(emulator, hasWarps));
        using var input = context.Accelerator.Allocate1D(values);
        using var results = context.Accelerator.Allocate1D<float>(Results * values.Length);
        Arguments a = default;
        (a.Values, a.Results) = (input.View, results.View);
        context.Launch(Body<ByWarps>, Body<ByMemory>, 1, values.Length, in a);
        return (results.GetAsArray1D(), emulator.Work);
    }

    private static GpuDevice Device(PtxEmulator emulator, bool hasWarps) => new(GpuKind.Cuda, -1, "no device", 0) { Log = emulator, HasWarps = hasWarps };

    private static void Body<TReduction>(Arguments a)
        where TReduction : struct, IReduction
    {
        var shared = SharedMemory.Allocate<float>(Groups.Size);
        var (thread, threads) = (Group.IdxX, Group.DimX);
        var value = a.Values[thread];
        a.Results[thread] = TReduction.Sum(shared, thread, threads, value);
        a.Results[threads + thread] = TReduction.Largest(shared, thread, threads, value);
        a.Results[(2 * threads) + thread] = TReduction.SumOfLanes(shared, thread, threads, 16, value);
        var sum = 0f;
        for (var round = 0; round < 2; round++)
        {
            sum += 2 * TReduction.Sum(shared, thread, threads, value);
        }

        a.Results[(3 * threads) + thread] = sum;
    }

    /// <summary>A kernel's argument, as ILGPU's own assembly must see it.</summary>
    public struct Arguments
    {
        public ArrayView<float> Values, Results;
    }
}
