using System.Diagnostics;

namespace ModelCompiler.Benchmarks.Measuring;

/// <summary>Resident bytes of this process. Both sides of a comparison count them with this file.</summary>
internal static class ProcessMemory
{
    public static long Resident() => Status("VmRSS") ?? Current().WorkingSet64;

    /// <summary>The most there ever were.</summary>
    public static long Peak() => Status("VmHWM") ?? Current().PeakWorkingSet64;

    private static Process Current() => Process.GetCurrentProcess();

    // A line such as "VmHWM:     12345 kB", where the system keeps one.
    private static long? Status(string name)
    {
        const string Path = "/proc/self/status";
        var line = File.Exists(Path) ? File.ReadLines(Path).FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.Ordinal)) : null;
        return line is null ? null : 1024 * long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]);
    }
}
