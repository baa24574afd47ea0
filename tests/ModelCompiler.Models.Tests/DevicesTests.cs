using ModelCompiler.Cli.Commands;
using ModelCompiler.Gpu;
using ModelCompiler.Runtime;

namespace ModelCompiler.Models.Tests;

/// <summary><c>modelc devices</c> on this machine, on one that has no device and on one that has several.</summary>
public sealed class DevicesTests
{
    [Fact]
    public void The_devices_of_this_machine_and_all_refusals_are_listed()
    {
        var (code, output, error) = Tool.Run("devices");
        Assert.Equal((0, ""), (code, error));
        Assert.All(GpuDevices.Found.Devices, d => Assert.Contains($"found    {d}; {d.Capability}; ", output));
        Assert.All(GpuDevices.Found.Refusals, r => Assert.Contains($"refused  {r}\n", output));

        // A kind of device is either there or refused.
        foreach (var kind in new[] { "CUDA", "OpenCL" })
        {
            Assert.Single(new[] { $"found    {kind} 0: ", $"refused  {kind}: " }, output.Contains);
        }
    }

    [Fact]
    public void A_machine_without_devices_runs_models_on_its_CPU() => Assert.Equal(
        $"""
        found    {Device.Cpu}
        refused  CUDA: {CudaDriver.Explain("libcuda.so.1", isFound: false, 0, "", 0, 0)}
        refused  OpenCL: {OpenClLoader.Explain("libOpenCL.so.1", isFound: false)}
        refused  cuBLAS: it is not there. Kernels of this project make all products.
        default  {Device.Cpu}

        """,
        Print(new GpuDevices([], [
            "CUDA: libcuda.so.1 was not found; it comes with NVIDIA's driver, and nothing else has to be installed.",
            "OpenCL: libOpenCL.so.1, the loader of OpenCL drivers, was not found; GPUs' drivers bring it, or a package such as ocl-icd-libopencl1."])));

    [Fact]
    public void The_first_GPU_is_the_default_and_a_CPU_with_OpenCL_is_not()
    {
        var output = Print(new GpuDevices(
            [
                new GpuDevice(GpuKind.OpenCl, 0, "cores", 1 << 30) { IsGraphicsProcessor = false, Capability = "OpenCL C 1.2" },
                new GpuDevice(GpuKind.OpenCl, 1, "card", 3L << 29) { Capability = "OpenCL C 3.0" },
            ], []));
        Assert.Contains("found    OpenCL 0: cores; OpenCL C 1.2; 1.0 GiB; no GPU", output);
        Assert.Contains("found    OpenCL 1: card; OpenCL C 3.0; 1.5 GiB\n", output);
        Assert.EndsWith("default  OpenCL 1: card\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, "no CUDA-capable device is detected", 12040, 0, "the driver (CUDA 12.4) refuses with 100, no CUDA-capable device is detected: ")]
    [InlineData(3, "", 0, 0, "the driver refuses with 3: ")]
    [InlineData(CudaDriver.Success, "", 11080, 0, "the driver (CUDA 11.8) has no device: ")]
    [InlineData(CudaDriver.Success, "", 13000, 2, "the driver (CUDA 13.0) lists 2 devices, of which ILGPU takes none: ")]
    public void A_driver_without_a_device_is_asked_why(int result, string words, int version, int count, string message) =>
        Assert.StartsWith(message, CudaDriver.Explain("libcuda.so.1", isFound: true, result, words, version, count), StringComparison.Ordinal);

    [Fact]
    public void Whether_cuBLAS_loads_is_said_and_why_not()
    {
        var found = Print(new GpuDevices([], []), (true, "cuBLAS 12.4.5 of libcublas.so.12"));
        Assert.Contains("found    cuBLAS 12.4.5 of libcublas.so.12, for large products on CUDA devices\n", found, StringComparison.Ordinal);
        Assert.DoesNotContain("refused  cuBLAS", found, StringComparison.Ordinal);
        Assert.Single(new[] { "found    cuBLAS ", "refused  cuBLAS: none of " }, Tool.Run("devices").Output.Contains);
    }

    [Fact]
    public void A_command_without_options_says_that_it_has_none()
    {
        var (code, _, error) = Tool.Run("devices", "--typo");
        Assert.Equal(1, code);
        Assert.Contains("'--typo' is no option of devices, which has none.", error);
    }

    private static string Print(GpuDevices devices) => Print(devices, (false, "it is not there."));

    private static string Print(GpuDevices devices, (bool IsFound, string Text) cublas)
    {
        using var output = new StringWriter { NewLine = "\n" };
        Assert.Equal(0, DevicesCommand.Run(new Terminal(output, TextWriter.Null), devices, cublas));
        return output.ToString();
    }
}
