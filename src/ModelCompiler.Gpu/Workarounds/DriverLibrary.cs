using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace ModelCompiler.Gpu.Workarounds;

/// <summary>ILGPU asks for libcuda.so and libOpenCL.so, the names that come with development packages; a machine with only a driver has libcuda.so.1 and libOpenCL.so.1.</summary>
internal static class DriverLibrary
{
    static DriverLibrary()
    {
        if (OperatingSystem.IsLinux())
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
            NativeLibrary.SetDllImportResolver(typeof(DriverLibrary).Assembly, Resolve);
        }
    }

    /// <summary>To be called before ILGPU looks for devices.</summary>
    public static void Register()
    {
        // The static constructor has done it.
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        foreach (var candidate in name switch { "cuda" => ["libcuda.so.1", "libcuda.so"], "OpenCL" => new[] { "libOpenCL.so.1", "libOpenCL.so" }, _ => [] })
        {
            if (NativeLibrary.TryLoad(candidate, out var library))
            {
                return library;
            }
        }

        return 0; // as without a resolver
    }
}
