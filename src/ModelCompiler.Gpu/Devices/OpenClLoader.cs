using System.Runtime.InteropServices;

namespace ModelCompiler.Gpu;

/// <summary>Says why there is no device of OpenCL: its loader is missing, or knows no driver.</summary>
internal static class OpenClLoader
{
    /// <summary>Why there is no device, and what to do.</summary>
    public static string Refusal()
    {
        var name = OperatingSystem.IsWindows() ? "OpenCL.dll" : "libOpenCL.so.1";
        return Explain(name, NativeLibrary.TryLoad(name, out _));
    }

    public static string Explain(string library, bool isFound) => isFound
        ? $"{library} lists no device: the GPU's driver brings a file for it, in /etc/OpenCL/vendors where the system is Linux."
        : $"{library}, the loader of OpenCL drivers, was not found; GPUs' drivers bring it, or a package such as ocl-icd-libopencl1.";
}
