using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck.Numerics;
using ModelCompiler.Runtime;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Errors of devices say what to do.</summary>
[Trait("suite", "gpu")]
public sealed class GpuFailureTests
{
    private static readonly GpuDevice s_card = new(GpuKind.Cuda, 1, "a card", 80L << 30);

    [Fact]
    public void A_batch_that_does_not_fit_says_what_it_takes_and_leaves_a_model_that_works()
    {
        const long Batch = 1L << 30;
        using var model = new OddVit(Device.Simulator, 1);
        var before = model.Core.MemoryFor(Pass.Train, 1, 1);
        var error = Assert.Throws<OutOfMemoryException>(() => model.Core.Engine.Reserve(Pass.Train, Batch, 1));
        Assert.StartsWith($"OddVit takes {model.Core.MemoryFor(Pass.Train, Batch, 1):N0} bytes in all for a Train pass of {Batch} rows of 1. ", error.Message);
        Assert.Contains(" bytes are not to be had on simulator, which has 0 bytes", error.Message);
        Assert.Contains("use a smaller batch", error.Message);
        var batch = new OddVit.Batch(new OddVit.Pictures(1));
        Assert.True(double.IsFinite(model.TrainStep(batch)));
        Assert.Equal(before, model.Core.AllocatedBytes);
    }

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
}
