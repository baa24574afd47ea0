using ModelCompiler.Gpu;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Devices on which kernels for GPUs can run, whether or not there is a GPU. A test is skipped, and says so, where there is none.</summary>
internal static class GpuDevicesOfTests
{
    /// <summary>The GPU of this machine, else its cores through OpenCL.</summary>
    public static GpuDevice Any() => Found(GpuDevices.Found.Best ?? GpuDevices.Found.Devices.FirstOrDefault(static d => d.Kind == GpuKind.OpenCl), "neither a GPU nor OpenCL");

    /// <summary>The same, whose tensor cores are left alone.</summary>
    public static GpuDevice WithoutTensorCores()
    {
        var device = Any();
        return new(device.Kind, device.Index, device.Name, device.MemoryBytes) { IsGraphicsProcessor = device.IsGraphicsProcessor };
    }

    /// <summary>OpenCL on whatever this machine has.</summary>
    public static GpuDevice OpenCl() => Found(GpuDevices.Found.Devices.FirstOrDefault(static d => d.Kind == GpuKind.OpenCl), "no OpenCL device");

    /// <summary>A GPU with tensor cores.</summary>
    public static GpuDevice WithTensorCores() => Found(GpuDevices.Found.Devices.FirstOrDefault(static d => d.HasTensorCores), "no GPU with tensor cores");

    private static GpuDevice Found(GpuDevice? device, string what)
    {
        Assert.SkipUnless(device is not null, $"there is {what}: {string.Join(" ", GpuDevices.Found.Refusals)}");
        return device!;
    }
}
