using System.Text.RegularExpressions;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using ModelCompiler.Cli.Hosting;
using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck;
using ModelCompiler.GpuCheck.Numerics;
using ModelCompiler.Runtime;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Errors of devices say what to do.</summary>
[Trait("suite", "gpu")]
public sealed partial class GpuFailureTests
{
    private static readonly GpuDevice s_card = new(GpuKind.Cuda, 1, "a card", 80L << 30);

    [Fact]
    public void A_batch_that_does_not_fit_says_what_it_takes_and_leaves_a_model_that_works()
    {
        // Tensors that kernels can count, of so many layers that no machine has room for them.
        const long Batch = 50_000_000;
        var deep = HostedModel.Compile(ModelCases.Bind([ModelCases.Text("TransformerDecoder", ("Depth", 300)), ModelCases.Attribute("CausalLanguageModel"), ModelCases.Attribute("AdamW")]).Spec with { HasGpu = true });
        using var model = deep.Create(Device.Simulator, 1);
        var before = model.Core.MemoryFor(Pass.Train, 1, 1);
        var error = Assert.Throws<OutOfMemoryException>(() => model.Core.Engine.Reserve(Pass.Train, Batch, 1));
        Assert.StartsWith($"{model.Core.Description.Name} takes {model.Core.MemoryFor(Pass.Train, Batch, 1):N0} bytes in all for a Train pass of {Batch} rows of 1. ", error.Message);
        Assert.Contains(" bytes are not to be had on simulator, which has 0 bytes", error.Message);
        Assert.Contains("use a smaller batch", error.Message);
        new MadeUpBatch(model.Core.Description, kinds: 3, batch: 1, length: 1, seed: 1).Set(model.Core);
        Assert.True(double.IsFinite(model.Core.ComputeGradients(1, 1, accumulate: false)) && model.Core.Step());
        Assert.Equal(before, model.Core.AllocatedBytes);
    }

    [Fact]
    public void A_batch_of_more_elements_than_kernels_can_count_is_refused_before_there_is_memory_for_it()
    {
        using var model = new OddGpt(Device.Simulator, 1);
        var before = model.Core.AllocatedBytes;
        var length = model.Core.Description.MaxLength;
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => model.Core.Engine.Reserve(Pass.Train, 1L << 31, length));
        Assert.Contains(" of OddGpt has ", error.Message);
        Assert.Contains($" elements in a Train pass of 2147483648 rows of {length}; on GPUs a tensor has at most 2,147,483,647, which at this length are ", error.Message);
        var greatest = long.Parse(GreatestBatch().Match(error.Message).Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(model.Core.MemoryFor(Pass.Train, greatest, length) > int.MaxValue);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Core.MemoryFor(Pass.Train, greatest + 1, length));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Core.Engine.BeginCache(int.MaxValue, length));
        Assert.Equal(before, model.Core.AllocatedBytes);
    }

    [Theory]
    [InlineData(50257, 1, 1, 120_000L, 1, "logits of a model has 6,030,840,000 elements in a Forward pass of 120000 rows of 1; on GPUs a tensor has at most 2,147,483,647, which at this length are 42730 rows.")]
    [InlineData(1, 1, 2, 3L, 50_000, "logits of a model has 7,500,000,000 elements in a Forward pass of 3 rows of 50000; on GPUs a tensor has at most 2,147,483,647, which not even one row of this length has: use a shorter one.")]
    [InlineData(1, 2, 0, 46341L, 1, "which at this length are 46340 rows.")]
    public void What_is_too_large_is_named_with_what_is_not(long factor, int batchPower, int lengthPower, long batch, long length, string message)
    {
        var size = new TensorSize("logits", factor, batchPower, lengthPower);
        Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(() => size.Check("a model", new PassSize(Pass.Forward, batch, length))).Message);
    }

    [GeneratedRegex(@"which at this length are (\d+) rows")]
    private static partial Regex GreatestBatch();

    [Fact]
    public void A_device_that_was_lost_says_how_to_go_on()
    {
        var cuda = DeviceLostException.Of(s_card, new CudaException("an illegal memory access was encountered"));
        Assert.StartsWith("CUDA 1: a card failed, and what it held is lost: an illegal memory access was encountered. Start the program again; Fit goes on", cuda.Message);
        Assert.Contains("Xid", cuda.Message);
        var openCl = DeviceLostException.Of(new GpuDevice(GpuKind.OpenCl, 0, "a card", 1), new CLException(CLError.CL_DEVICE_NOT_AVAILABLE));
        Assert.IsType<DeviceLostException>(openCl);
        Assert.Contains("dmesg", openCl.Message);
    }

    [Fact]
    public void A_device_that_its_driver_lists_and_does_not_give_says_who_may_have_it()
    {
        var error = DeviceLostException.Unopened(s_card, new CudaException("the device is busy or unavailable."));
        Assert.IsType<PlatformNotSupportedException>(error);
        Assert.Equal("CUDA 1: a card is there and cannot be used: the device is busy or unavailable. nvidia-smi says which programs hold it, and whether it is for one of them alone. Device.Cpu does without it.", error.Message);
        Assert.IsType<OutOfMemoryException>(DeviceLostException.Unopened(s_card, new CLException(CLError.CL_OUT_OF_HOST_MEMORY)));
    }

    [Fact]
    public void A_driver_that_runs_out_of_memory_later_names_the_devices_memory()
    {
        var error = DeviceLostException.Of(s_card, new CLException(CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE));
        Assert.IsType<OutOfMemoryException>(error);
        Assert.StartsWith("Memory is not to be had on CUDA 1: a card, which has 85,899,345,920 bytes", error.Message);
    }

    [Fact]
    public void Of_an_allocation_only_a_full_memory_asks_for_a_smaller_batch()
    {
        foreach (var full in new[] { CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE, CLError.CL_OUT_OF_RESOURCES, CLError.CL_INVALID_BUFFER_SIZE })
        {
            Assert.StartsWith("1,000 bytes are not to be had on CUDA 1: a card", Assert.IsType<OutOfMemoryException>(DeviceLostException.Of(s_card, new CLException(full), 1000)).Message);
        }

        Assert.IsType<DeviceLostException>(DeviceLostException.Of(s_card, new CLException(CLError.CL_INVALID_CONTEXT), 1000));
        Assert.IsType<DeviceLostException>(DeviceLostException.Of(s_card, new CudaException("an illegal memory access was encountered"), 1000));
    }

    // A driver says so, and no test of the number before.
    [Fact]
    public void More_than_a_driver_allocates_at_once_is_said_with_the_bytes()
    {
        using var context = new GpuContext(GpuDevicesOfTests.OpenCl());
        Assert.StartsWith("1,000,000,000,000,000 bytes are not to be had on OpenCL", Assert.Throws<OutOfMemoryException>(() => new GpuArena(context, 1_000_000_000_000_000)).Message);
    }

    /// <summary>Whatever is put on a stream that the driver no longer knows.</summary>
    [Fact]
    public void Memory_that_cannot_be_set_or_copied_says_that_the_device_failed()
    {
        using var context = new GpuContext(GpuDevicesOfTests.OpenCl());
        using var arena = new GpuArena(context, 1024);
        context.Synchronize();
        context.Stream.Dispose();
        Assert.Throws<DeviceLostException>(() => arena.Clear(context));
        Assert.Throws<DeviceLostException>(() => context.Copy(arena.View.SubView(0, 64), arena.View.SubView(128, 64)));
        Assert.Throws<DeviceLostException>(() => new GpuArena(context, 1024));
    }
}
