using System.Runtime.InteropServices;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace ModelCompiler.Gpu.Workarounds;

/// <summary>
/// A group of a CUDA device has 48 KB of shared memory unless its kernel has asked the driver for more, which ILGPU 1.5.3 does for none, and knows no device's limit of. The
/// device's context must be current.
/// </summary>
internal static partial class LargeSharedMemory
{
    /// <summary>What every group may have.</summary>
    public const int Always = 48 << 10;

    // CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN and CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES.
    private const int LimitOfDevice = 97, LimitOfKernel = 8;

    /// <summary>What a group may have on a device if its kernel asks for it.</summary>
    /// <param name="device">The driver's number of it.</param>
    public static int LimitOf(int device)
    {
        DriverLibrary.Register();
        try
        {
            return Ask(out var bytes, LimitOfDevice, device) == CudaDriver.Success ? Math.Max(bytes, Always) : Always;
        }
        catch (DllNotFoundException)
        {
            return Always; // the driver's library has another name here
        }
    }

    /// <summary>Asks for a kernel.</summary>
    /// <param name="bytes">Shared memory beside what the kernel declares.</param>
    /// <exception cref="InvalidOperationException">The driver refuses.</exception>
    public static void Allow(Kernel kernel, int bytes)
    {
        if (bytes > Always && kernel is CudaKernel cuda && Set(cuda.FunctionPtr, LimitOfKernel, bytes) is not CudaDriver.Success and var code)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"The driver refuses {bytes} bytes of shared memory for a group, with {code}."));
        }
    }

    [LibraryImport("cuda", EntryPoint = "cuDeviceGetAttribute")]
    private static partial int Ask(out int value, int attribute, int device);

    [LibraryImport("cuda", EntryPoint = "cuFuncSetAttribute")]
    private static partial int Set(nint function, int attribute, int value);
}
