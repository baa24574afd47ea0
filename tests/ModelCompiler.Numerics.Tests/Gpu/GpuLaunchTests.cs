using ILGPU;
using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;
using ModelCompiler.GpuCheck;
using ModelCompiler.GpuCheck.Numerics;
using ModelCompiler.GpuCheck.Speed;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;

namespace ModelCompiler.Numerics.Tests;

/// <summary>What a training step puts on a device, and what is seen of it before the first one.</summary>
[Trait("suite", "gpu")]
public sealed class GpuLaunchTests
{
    // Sums over rows beside other work take a second kernel, and so does attention's gradient.
    [Theory]
    [InlineData("gpt", 7, 16)]
    [InlineData("vit", 7, 16)]
    [InlineData("gpt-dropout", 7, 18)]
    public void A_layer_gives_the_device_no_more_kernels_than_promised(string name, int forward, int backward)
    {
        using IModel model = name switch
        {
            "gpt" => new CaptionGpt(Device.Simulator, 1),
            "vit" => new ShapesVit(Device.Simulator, 1),
            _ => new DropoutGpt(Device.Simulator, 1),
        };
        var counts = LaunchCounts.Of(model.Core, new MadeUpBatch(model.Core.Description, 6, 1, Math.Min(2, model.Core.Description.MaxLength), 1));
        Assert.Equal([("blocks", forward), ("blocks_backward", backward)], counts.Blocks);
        Assert.Equal(5, counts.Step); // the loss is kept, the step's numbers are put on the device, the gradients' norm in two, and the optimizer over all parameters

        // Embeddings, the last norm, the head and the loss, with their gradients.
        Assert.InRange(counts.Outside, 12, 18);
    }

    // As docs/gpu.md has it. What is rounded to 16 bits for tensor cores and is stored in 32, weights above all, takes a kernel; so do formulas behind cuBLAS.
    [Theory]
    [InlineData(false, false, 7, 18)]
    [InlineData(false, true, 11, 19)]
    [InlineData(true, false, 12, 25)]
    [InlineData(true, true, 16, 26)]
    public void Of_cuBLAS_and_of_16_bits_it_is_known_how_many_more_a_layer_takes(bool isMixed, bool withCublas, int forward, int backward)
    {
        var device = GpuDevice.Absent(GpuKind.Cuda, new LaunchLog(), withCublas ? new UnmadeProducts() : null);
        using IModel model = isMixed ? new WideMixedGpt(device, 1) : new WideGpt(device, 1);
        Assert.Equal([("blocks", forward), ("blocks_backward", backward)], LaunchCounts.Of(model.Core, new MadeUpBatch(model.Core.Description, 65, 2, 1_024, 1)).Blocks);
    }

    [Fact]
    public void Threads_that_launch_one_kernel_do_not_get_each_others_arguments()
    {
        var device = GpuDevicesOfTests.Any();
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, number =>
        {
            using var context = new GpuContext(device);
            using var arena = new GpuArena(context, sizeof(float));
            for (var i = 0; i < 2_000; i++)
            {
                context.Launch(Add, 1, 1, new Summand { Sum = arena.View, Value = number });
            }

            Assert.Equal(2_000f * number, context.Show("sum", arena.View, 1)[0]);
        });
    }

    // A copy waits behind a kernel that takes its time; the array must stay where it is until then.
    [Fact]
    public async Task What_is_copied_may_be_moved_by_the_garbage_collector_only_afterwards()
    {
        using var context = new GpuContext(GpuDevicesOfTests.Any());
        using var arena = new GpuArena(context, 64 * sizeof(float));
        using var stop = new CancellationTokenSource();
        var mover = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
                Thread.Sleep(1);
            }
        });
        for (var round = 0; round < 20; round++)
        {
            GC.KeepAlive(new byte[4_000]); // a hole that what follows is moved into
            var sent = Enumerable.Repeat((float)round, 64).ToArray();
            GC.KeepAlive(new byte[4_000]);
            var received = new float[64];
            context.Launch(Dawdle, 1, 1, new Summand { Sum = context.Nothing, Value = 1 });
            context.Upload(arena.View.SubView(0, 64), sent);
            context.Launch(Dawdle, 1, 1, new Summand { Sum = context.Nothing, Value = 1 });
            context.Download(arena.View.SubView(0, 64), received);
            Assert.Equal(sent, received);
        }

        await stop.CancelAsync();
        await mover;
    }

    [Fact]
    public void That_kernels_are_compiled_is_seen_until_the_device_is_waited_for()
    {
        using var written = new StringWriter();
        var before = KernelProgress.Output;
        using var context = new GpuContext(Device.Simulator);
        KernelProgress.Output = written;
        context.Launch(Nothing, 1, 1, default(Arguments));
        Assert.Contains("\rcompiling kernels for simulator: ", written.ToString());
        context.Synchronize();
        KernelProgress.Output = before;
        Assert.EndsWith(" \r", written.ToString(), StringComparison.Ordinal);
        Assert.Equal(nameof(GpuLaunchTests), Assert.Single(context.Compilations, static c => c.Kernel == nameof(GpuLaunchTests)).Kernel);
    }

    private static void Nothing(Arguments a)
    {
        // What is looked at is how it gets to the device.
    }

    private static void Add(Summand a) => a.Sum[0] += a.Value;

    private static void Dawdle(Summand a)
    {
        for (var i = 0; i < 5_000_000; i++)
        {
            a.Sum[0] = (a.Sum[0] * 0.5f) + a.Value;
        }
    }

    /// <summary>What a kernel adds to a number of the device.</summary>
    public struct Summand
    {
        public ArrayView<float> Sum;
        public float Value;
    }

    /// <summary>A kernel's argument, as ILGPU's own assembly must see it.</summary>
    public struct Arguments
    {
        public int Number;
    }
}
