using System.Reflection;
using ILGPU.Runtime.Cuda;
using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Attention by tiles of 64 tokens against attention by single queries, which the table of ops holds to the interpreter: sizes that no tile divides.</summary>
[Trait("suite", "gpu")]
public sealed class GpuAttentionTests
{
    public static TheoryData<int, int, int, int, bool, bool, float> Cases => new(
        (1, 1, 1, 4, false, false, 0f), (65, 4, 2, 20, true, false, 0f), (130, 2, 1, 64, false, true, 0f), (70, 2, 2, 80, true, true, 0.2f), (64, 1, 1, 64, false, false, 0.3f));

    /// <summary>The same with heads that tensor cores take.</summary>
    public static TheoryData<int, int, int, int, bool, bool, float> TensorCases => new(
        (1, 1, 1, 8, false, false, 0f), (65, 2, 1, 24, true, false, 0f), (130, 2, 1, 64, false, true, 0f), (66, 2, 1, 40, true, true, 0.2f), (70, 2, 2, 80, true, true, 0.2f), (64, 1, 1, 128, true, false, 0.3f));

    [Theory, MemberData(nameof(Cases))]
    public void Tiles_give_what_single_queries_give(int tokens, int heads, int keyHeads, int width, bool causal, bool masked, float dropout) =>
        Compare<FloatMatrix>(GpuDevicesOfTests.Any(), (tokens, heads, keyHeads, width), causal, masked, dropout);

    [Theory, MemberData(nameof(Cases))]
    public void Tiles_of_16_bits_give_what_single_queries_give(int tokens, int heads, int keyHeads, int width, bool causal, bool masked, float dropout) =>
        Compare<NarrowMatrix>(GpuDevicesOfTests.WithoutTensorCores(), (tokens, heads, keyHeads, width), causal, masked, dropout);

    [Theory, MemberData(nameof(Cases))]
    public void Tiles_give_the_same_as_emulated_PTX(int tokens, int heads, int keyHeads, int width, bool causal, bool masked, float dropout) =>
        Compare<FloatMatrix>(PtxEmulator.Device, (tokens, heads, keyHeads, width), causal, masked, dropout);

    [Theory, MemberData(nameof(TensorCases))]
    public void Tensor_cores_differ_by_the_rounding_of_probabilities_and_slopes(int tokens, int heads, int keyHeads, int width, bool causal, bool masked, float dropout)
    {
        var launches = new NotedLaunches(new PtxEmulator());
        using var run = new AttentionRun<NarrowMatrix>(GpuDevice.Absent(GpuKind.Cuda, launches), (tokens, heads, keyHeads, width), causal, masked, dropout);
        var expected = run.Forward(byTiles: false);
        var gradients = run.Backward(byTiles: false);
        Assert.DoesNotContain(launches.Threads.Keys, IsOfTensorCores);
        var actual = run.Backward(byTiles: true);
        var backwards = width <= 64 ? 2 : 0;
        Assert.Equal(backwards, launches.Threads.Keys.Count(IsOfTensorCores));
        GradientsDifferByRounding(gradients, actual);
        DifferByRounding(expected, run.Forward(byTiles: true), dropout);
        Assert.Equal(backwards + 1, launches.Threads.Keys.Count(IsOfTensorCores));
    }

    /// <summary>Both on the tensor cores of this machine.</summary>
    [Theory, MemberData(nameof(TensorCases))]
    public void Tensor_cores_of_a_GPU_do_the_same(int tokens, int heads, int keyHeads, int width, bool causal, bool masked, float dropout)
    {
        using var run = new AttentionRun<NarrowMatrix>(GpuDevicesOfTests.WithTensorCores(), (tokens, heads, keyHeads, width), causal, masked, dropout);
        var expected = run.Forward(byTiles: false);
        GradientsDifferByRounding(run.Backward(byTiles: false), run.Backward(byTiles: true));
        DifferByRounding(expected, run.Forward(byTiles: true), dropout);
    }

    [Theory]
    [InlineData(20, 0)]
    [InlineData(136, 0)]
    [InlineData(16, 4)]
    public void Heads_that_are_wide_or_lie_otherwise_take_another_form(int width, int start)
    {
        var log = new LaunchLog();
        Launch(GpuDevice.Absent(GpuKind.Cuda, log), width, causal: false, masked: false, 0f, start);
        Assert.DoesNotContain(log.Threads.Keys, IsOfTensorCores);
    }

    [Theory]
    [InlineData(64, 0f)]
    [InlineData(64, 0.1f)]
    [InlineData(128, 0.1f)]
    public void Threads_of_tensor_cores_have_registers_for_what_they_hold(int width, float dropout)
    {
        var log = new LaunchLog();
        Launch(GpuDevice.Absent(GpuKind.Cuda, log), width, causal: true, masked: true, dropout);
        HaveRegisters(log.Threads.Keys.Where(IsOfTensorCores), width <= 64 ? 3 : 1);
    }

    /// <summary>Of elements of 16 bits before compute capability 8.0.</summary>
    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    public void So_have_threads_of_tiles(float dropout)
    {
        var log = new LaunchLog();
        Launch(new GpuDevice(GpuKind.Cuda, -1, "no device", 0) { Log = log }, 64, causal: true, masked: true, dropout);
        HaveRegisters(log.Threads.Keys, 3);
    }

    // A probability is rounded by 2^-9 of it at most, and values are 0.5 at most: so much may the output differ. Nothing is rounded in the log sums.
    private static void DifferByRounding((float[] Outputs, float[] LogSums) expected, (float[] Outputs, float[] LogSums) actual, float dropout)
    {
        Near(expected.LogSums, actual.LogSums, "log sums", 2e-5f);
        Near(expected.Outputs, actual.Outputs, "outputs", (MathF.ScaleB(0.5f, -9) / (1 - dropout)) + 2e-5f);
    }

    // Of the same output; in backward slopes of scores are rounded as well. What is lost is little of the whole.
    private static void GradientsDifferByRounding(float[] expected, float[] actual)
    {
        Near(expected, actual, "gradients", 5e-3f);
        Assert.InRange(Distance(expected, actual), 0, MathF.ScaleB(Distance(expected, new float[actual.Length]), -8));
    }

    private static void HaveRegisters(IEnumerable<MethodInfo> kernels, int count)
    {
        using var compiler = new PtxCompiler(CudaArchitecture.SM_80);
        var texts = kernels.Select(compiler.Compile).ToArray();
        Assert.Equal(count, texts.Length);
        Assert.All(texts, static t => Assert.Empty(PtxRules.Broken(t)));
        using var assembler = PtxAssembler.Find();
        foreach (var (registers, stack) in texts.Select(t => assembler.Assemble(t, "sm_80")))
        {
            Assert.Equal(0, stack);
            Assert.InRange(registers * AttentionTile.Threads, 1, PtxAssembler.RegistersOfGroup);
        }
    }

    private static bool IsOfTensorCores(MethodInfo kernel) => kernel.DeclaringType == typeof(AttentionBackwardByTensorCores)
        || (kernel.DeclaringType is { IsGenericType: true } t && t.GetGenericTypeDefinition() == typeof(AttentionByTensorCores<>));

    private static float Distance(float[] a, float[] b) => MathF.Sqrt(a.Zip(b, static (x, y) => (x - y) * (x - y)).Sum());

    // What a device launches.
    private static void Launch(GpuDevice device, int width, bool causal, bool masked, float dropout, int start = 0)
    {
        using var run = new AttentionRun<NarrowMatrix>(device, (5, 1, 1, width), causal, masked, dropout, start);
        run.Forward(byTiles: true);
        run.Backward(byTiles: true);
    }

    private static void Compare<M>(GpuDevice device, (int Tokens, int Heads, int KeyHeads, int Width) size, bool causal, bool masked, float dropout)
        where M : struct, IMatrix
    {
        using var run = new AttentionRun<M>(device, size, causal, masked, dropout);
        var (outputs, logSums) = run.Forward(byTiles: false);
        var gradients = run.Backward(byTiles: false);
        var tiles = run.Forward(byTiles: true);
        Near(outputs, tiles.Outputs, "outputs", 2e-5f);
        Near(logSums, tiles.LogSums, "log sums", 2e-5f);
        Near(gradients, run.Backward(byTiles: true), "gradients", 2e-5f);
    }

    private static void Near(float[] expected, float[] actual, string name, float tolerance)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1f, Math.Abs(expected[i])), $"{name}[{i}] is {actual[i]}, {expected[i]} expected");
        }
    }
}
