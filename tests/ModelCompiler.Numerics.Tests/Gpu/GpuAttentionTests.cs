using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Attention by tiles of 64 tokens against attention by single queries, which the table of ops holds to the interpreter: sizes that no tile divides.</summary>
[Trait("suite", "gpu")]
public sealed class GpuAttentionTests
{
    private const int Batch = 2;

    public static TheoryData<int, int, int, int, bool, bool, float> Cases => new(
        (1, 1, 1, 4, false, false, 0f), (65, 2, 1, 20, true, false, 0f), (130, 4, 2, 64, false, true, 0f), (70, 2, 2, 80, true, true, 0.2f), (64, 1, 1, 64, false, false, 0.3f));

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

    // A probability is rounded by 2^-9 of it at most, and values are 0.5 at most: so much may the output differ. Nothing is rounded in the log sums.
    [Theory, MemberData(nameof(TensorCases))]
    public void Tensor_cores_differ_by_the_rounding_of_probabilities(int tokens, int heads, int keyHeads, int width, bool causal, bool masked, float dropout)
    {
        var launches = new NotedLaunches(new PtxEmulator());
        var device = GpuDevice.Absent(GpuKind.Cuda, launches);
        var expected = Run<NarrowMatrix>(device, (false, false), (tokens, heads, keyHeads, width), causal, masked, dropout);
        Assert.DoesNotContain(launches.Threads.Keys, IsOfTensorCores);
        var actual = Run<NarrowMatrix>(device, (true, false), (tokens, heads, keyHeads, width), causal, masked, dropout);
        Assert.Single(launches.Threads.Keys, IsOfTensorCores);
        DifferByRounding(expected, actual, dropout);
    }

    // Of the same output; in backward slopes of scores are rounded as well. What is lost is little of the whole.
    [Theory, MemberData(nameof(TensorCases))]
    public void Gradients_differ_by_the_rounding_of_probabilities_and_slopes(int tokens, int heads, int keyHeads, int width, bool causal, bool masked, float dropout)
    {
        var launches = new NotedLaunches(new PtxEmulator());
        var device = GpuDevice.Absent(GpuKind.Cuda, launches);
        var expected = Run<NarrowMatrix>(device, (false, false), (tokens, heads, keyHeads, width), causal, masked, dropout);
        var actual = Run<NarrowMatrix>(device, (false, true), (tokens, heads, keyHeads, width), causal, masked, dropout);
        Assert.Equal(width <= 64 ? 2 : 0, launches.Threads.Keys.Count(IsOfTensorCores));
        GradientsDifferByRounding(expected, actual);
    }

    /// <summary>Both on the tensor cores of this machine.</summary>
    [Theory, MemberData(nameof(TensorCases))]
    public void Tensor_cores_of_a_GPU_do_the_same(int tokens, int heads, int keyHeads, int width, bool causal, bool masked, float dropout)
    {
        var device = GpuDevicesOfTests.WithTensorCores();
        var expected = Run<NarrowMatrix>(device, (false, false), (tokens, heads, keyHeads, width), causal, masked, dropout);
        DifferByRounding(expected, Run<NarrowMatrix>(device, (true, false), (tokens, heads, keyHeads, width), causal, masked, dropout), dropout);
        GradientsDifferByRounding(expected, Run<NarrowMatrix>(device, (false, true), (tokens, heads, keyHeads, width), causal, masked, dropout));
    }

    [Theory]
    [InlineData(20, 0)]
    [InlineData(136, 0)]
    [InlineData(16, 4)]
    public void Heads_that_are_wide_or_lie_otherwise_take_another_form(int width, int start)
    {
        var log = new LaunchLog();
        Run<NarrowMatrix>(GpuDevice.Absent(GpuKind.Cuda, log), (true, true), (5, 1, 1, width), false, false, 0f, start);
        Assert.DoesNotContain(log.Threads.Keys, IsOfTensorCores);
    }

    [Theory]
    [InlineData(64, 0f)]
    [InlineData(64, 0.1f)]
    [InlineData(128, 0.1f)]
    public void Threads_of_tensor_cores_have_registers_for_what_they_hold(int width, float dropout)
    {
        var log = new LaunchLog();
        Run<NarrowMatrix>(GpuDevice.Absent(GpuKind.Cuda, log), (true, true), (5, 1, 1, width), true, true, dropout);
        HaveRegisters(log.Threads.Keys.Where(IsOfTensorCores), width <= 64 ? 3 : 1);
    }

    /// <summary>Of elements of 16 bits before compute capability 8.0.</summary>
    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    public void So_have_threads_of_tiles(float dropout)
    {
        var log = new LaunchLog();
        Run<NarrowMatrix>(new GpuDevice(GpuKind.Cuda, -1, "no device", 0) { Log = log }, (true, true), (5, 1, 1, 64), true, true, dropout);
        HaveRegisters(log.Threads.Keys, 3);
    }

    private static void DifferByRounding(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual, float dropout)
    {
        Near(expected, actual, "log sums", 2e-5f);
        Near(expected, actual, "y", (MathF.ScaleB(0.5f, -9) / (1 - dropout)) + 2e-5f);
    }

    private static void GradientsDifferByRounding(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual)
    {
        Near(expected, actual, "dqkv", 5e-3f);
        Assert.InRange(Distance(expected["dqkv"], actual["dqkv"]), 0, MathF.ScaleB(Distance(expected["dqkv"], new float[actual["dqkv"].Length]), -8));
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

    private static void Compare<M>(GpuDevice device, (int Tokens, int Heads, int KeyHeads, int Width) size, bool causal, bool masked, float dropout)
        where M : struct, IMatrix
    {
        var expected = Run<M>(device, (false, false), size, causal, masked, dropout);
        var actual = Run<M>(device, (true, true), size, causal, masked, dropout);
        foreach (var name in expected.Keys)
        {
            Near(expected, actual, name, 2e-5f);
        }
    }

    private static void Near(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual, string name, float tolerance)
    {
        for (var i = 0; i < expected[name].Length; i++)
        {
            var (wanted, got) = (expected[name][i], actual[name][i]);
            Assert.True(Math.Abs(wanted - got) <= tolerance * Math.Max(1f, Math.Abs(wanted)), $"{name}[{i}] is {got}, {wanted} expected");
        }
    }

    /// <param name="byTiles">Of forward and backward.</param>
    private static Dictionary<string, float[]> Run<M>(
        GpuDevice device, (bool Forward, bool Backward) byTiles, (int Tokens, int Heads, int KeyHeads, int Width) size, bool causal, bool masked, float dropout, int start = 0)
        where M : struct, IMatrix
    {
        var (tokens, heads, keyHeads, width) = size;
        using var context = new GpuContext(device) { HasGroupMemory = byTiles.Forward };
        using var backward = new GpuContext(device) { HasGroupMemory = byTiles.Backward };
        var accelerator = context.Accelerator;
        var (stride, all) = ((heads + (2 * keyHeads)) * width, heads * width);
        using var qkv = new DeviceMatrix(accelerator, Batch * tokens, stride, gap: 0, start, seed: 1);
        using var dy = new DeviceMatrix(accelerator, Batch * tokens, all, gap: 0, start, seed: 2);
        using var y = accelerator.Allocate1D(Enumerable.Repeat(float.NaN, Batch * tokens * all).ToArray());
        using var logSums = accelerator.Allocate1D<float>(Batch * heads * tokens);
        using var dqkv = accelerator.Allocate1D(Enumerable.Repeat(float.NaN, Batch * tokens * stride).ToArray());
        using var mask = accelerator.Allocate1D(Enumerable.Range(0, Batch * tokens).Select(i => i % 7 == 3 || (i >= tokens && i < tokens + 2) ? 0 : 1).ToArray());
        using var draw = accelerator.Allocate1D(new[] { 3 });
        AttentionArguments<M> a = default;
        (a.Query, a.Key, a.Value) = (qkv.As<M>(), qkv.As<M>(all), qkv.As<M>(all + (keyHeads * width)));
        (a.Output, a.LogSumExp) = (y.View, logSums.View);
        a.QueryStride = a.KeyStride = a.ValueStride = stride;
        (a.OutputStride, a.Batch, a.Heads, a.KeyHeads, a.HeadWidth, a.Queries, a.Keys) = (all, Batch, heads, keyHeads, width, tokens, tokens);
        (a.Scale, a.Causal, a.HasDropout, a.Dropout) = (0.3f, causal, dropout > 0, new DropoutKey(draw.View, 5, 1, dropout));
        if (masked)
        {
            a.KeyMask = mask.View;
        }

        Attention.Forward(context, in a);
        context.Synchronize();
        AttentionGradients<M> g = default;
        (g.OutputGradient, g.OutputGradientStride) = (dy.As<M>(), all);
        (g.QueryGradient, g.KeyGradient, g.ValueGradient) = (Part(dqkv, 0), Part(dqkv, all), Part(dqkv, all + (keyHeads * width)));
        g.QueryGradientStride = g.KeyGradientStride = g.ValueGradientStride = stride;
        backward.ReserveScratch(Attention.ScratchBytes(Batch, heads, tokens));
        Attention.Backward(backward, in a, in g);
        backward.Synchronize();
        return new() { ["y"] = y.GetAsArray1D(), ["log sums"] = logSums.GetAsArray1D(), ["dqkv"] = dqkv.GetAsArray1D() };
    }

    private static ArrayView<float> Part(MemoryBuffer1D<float, Stride1D.Dense> buffer, int from) => ((ArrayView<float>)buffer.View).SubView(from);
}
