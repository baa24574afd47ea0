using System.Runtime.InteropServices;

namespace ModelCompiler.Gpu;

/// <summary>Looks for cuBLAS, which comes with CUDA's toolkit and with PyTorch, not with a driver.</summary>
/// <param name="Library">Null: it cannot be used.</param>
/// <param name="Text">Version and file, or why not.</param>
internal sealed record CublasLoader(ICublas? Library, string Text)
{
    private static readonly Lazy<CublasLoader> s_found = new(static () => Find(Names(OperatingSystem.IsWindows())));

    /// <summary>That of this machine, looked for once.</summary>
    public static CublasLoader Found => s_found.Value;

    /// <summary>Names of the files, the newest first.</summary>
    public static string[] Names(bool isWindows) => [.. new[] { 13, 12, 11 }.Select(version => isWindows ? $"cublas64_{version}.dll" : $"libcublas.so.{version}")];

    /// <summary>Loads the first of the files that there is and that works.</summary>
    public static CublasLoader Find(params ReadOnlySpan<string> names)
    {
        var reasons = new List<string>();
        foreach (var name in names)
        {
            try
            {
                if (NativeLibrary.TryLoad(name, out var library))
                {
                    var cublas = new CublasLibrary(library, name);
                    return new(cublas, cublas.Name);
                }
            }
            catch (EntryPointNotFoundException e)
            {
                reasons.Add($"{name} is not cuBLAS as it is needed: {e.Message}");
            }
        }

        return new(null, reasons.Count > 0 ? string.Join(" ", reasons) : $"none of {string.Join(", ", names)} was found: it comes with CUDA's toolkit, and {(OperatingSystem.IsWindows() ? "PATH" : "LD_LIBRARY_PATH")} says where to look.");
    }
}
