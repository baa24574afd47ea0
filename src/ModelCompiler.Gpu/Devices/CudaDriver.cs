using System.Runtime.InteropServices;

namespace ModelCompiler.Gpu;

/// <summary>Asks NVIDIA's driver why it has no device: ILGPU lists none and says nothing.</summary>
internal static unsafe class CudaDriver
{
    /// <summary>CUDA's code of success.</summary>
    public const int Success = 0;

    /// <summary>Why there is no device, and what to do.</summary>
    public static string Refusal()
    {
        var name = OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";
        if (!NativeLibrary.TryLoad(name, out var library))
        {
            return Explain(name, isFound: false, Success, "", 0, 0);
        }

        try
        {
            var result = ((delegate* unmanaged<uint, int>)NativeLibrary.GetExport(library, "cuInit"))(0);
            var (version, count) = (0, 0);
            _ = ((delegate* unmanaged<int*, int>)NativeLibrary.GetExport(library, "cuDriverGetVersion"))(&version);
            if (result == Success)
            {
                result = ((delegate* unmanaged<int*, int>)NativeLibrary.GetExport(library, "cuDeviceGetCount"))(&count);
            }

            return Explain(name, isFound: true, result, Words(library, result), version, count);
        }
        catch (EntryPointNotFoundException e)
        {
            return $"{name} is no driver of NVIDIA's: {e.Message}";
        }
    }

    /// <param name="result">Of the call that failed first, or success.</param>
    /// <param name="words">The driver's own words for it.</param>
    /// <param name="version">1000 x major + 10 x minor; 0: the driver does not say.</param>
    /// <param name="count">Devices that the driver has.</param>
    public static string Explain(string library, bool isFound, int result, string words, int version, int count)
    {
        if (!isFound)
        {
            return $"{library} was not found; it comes with NVIDIA's driver, and nothing else has to be installed.";
        }

        var driver = version == 0 ? "the driver" : FormattableString.Invariant($"the driver (CUDA {version / 1000}.{version % 1000 / 10})");
        return result != Success ? $"{driver} refuses with {result}{(words.Length == 0 ? "" : $", {words}")}: see what nvidia-smi says."
            : count == 0 ? $"{driver} has no device: see what nvidia-smi says, and whether CUDA_VISIBLE_DEVICES hides one."
            : $"{driver} lists {count} device{(count == 1 ? "" : "s")}, of which ILGPU takes none: an older driver than the device needs, or a compute capability that it does not know.";
    }

    private static string Words(nint library, int result)
    {
        byte* text = null;
        _ = ((delegate* unmanaged<int, byte**, int>)NativeLibrary.GetExport(library, "cuGetErrorString"))(result, &text);
        return Marshal.PtrToStringUTF8((nint)text) ?? "";
    }
}
