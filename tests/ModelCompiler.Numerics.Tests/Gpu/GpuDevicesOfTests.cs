using ModelCompiler.Gpu;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Devices on which kernels for GPUs can run where there is no GPU.</summary>
internal static class GpuDevicesOfTests
{
    /// <summary>OpenCL on whatever this machine has; the test is skipped, and says so, where it has none.</summary>
    public static GpuDevice OpenCl()
    {
        var device = GpuDevices.Found.Devices.FirstOrDefault(static d => d.Kind == GpuKind.OpenCl);
        Assert.SkipUnless(device is not null, $"there is no OpenCL device: {string.Join(" ", GpuDevices.Found.Refusals)}");
        return device!;
    }
}
