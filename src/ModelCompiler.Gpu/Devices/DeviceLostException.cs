using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace ModelCompiler.Gpu;

/// <summary>A device failed while it worked: its models are gone, and no other can use it in this process.</summary>
public sealed class DeviceLostException(string message, Exception inner) : InvalidOperationException(message, inner)
{
    /// <summary>What to say instead of a driver's error: that its memory is full, or that it was lost.</summary>
    /// <param name="bytes">What was wanted; null: only the driver knows.</param>
    internal static Exception Of(GpuDevice device, AcceleratorException error, long? bytes = null) => IsOutOfMemory(error)
        ? OutOfMemory(device, bytes, error)
        : new DeviceLostException(
            $"{device} failed, and what it held is lost: {error.Message.TrimEnd('.', '\0')}. Start the program again; Fit goes on from its newest checkpoint. If it happens again, "
            + (device.Kind == GpuKind.Cuda ? "nvidia-smi and the system's log say why: lines with NVRM and Xid in dmesg." : "the system's log says why, such as dmesg."),
            error);

    /// <summary>What to say where a driver lists a device and does not let it be used.</summary>
    internal static Exception Unopened(GpuDevice device, AcceleratorException error) => IsOutOfMemory(error)
        ? OutOfMemory(device, null, error)
        : new PlatformNotSupportedException(
            $"{device} is there and cannot be used: {error.Message.TrimEnd('.', '\0')}. "
            + (device.Kind == GpuKind.Cuda ? "nvidia-smi says which programs hold it, and whether it is for one of them alone. " : "") + "Device.Cpu does without it.",
            error);

    /// <param name="bytes">What was wanted; null: only the driver knows.</param>
    internal static OutOfMemoryException OutOfMemory(GpuDevice device, long? bytes, Exception error) => new(
        $"{(bytes is { } wanted ? $"{wanted:N0} bytes are" : "Memory is")} not to be had on {device}, which has {device.MemoryBytes:N0} bytes, if no other program uses them: use a smaller batch, shorter rows or Recompute, and see MemoryFor.",
        error);

    private static bool IsOutOfMemory(AcceleratorException error) => error switch
    {
        CudaException e => e.Error == nameof(CudaError.CUDA_ERROR_OUT_OF_MEMORY),
        CLException e => e.Error is CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_OUT_OF_HOST_MEMORY or CLError.CL_OUT_OF_RESOURCES or CLError.CL_INVALID_BUFFER_SIZE,
        _ => false,
    };
}
