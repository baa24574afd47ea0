using System.Globalization;

namespace ModelCompiler.Gpu;

/// <summary>Shows that kernels are compiled, which takes seconds before the first step: one line that changes and goes away.</summary>
public static class KernelProgress
{
    private static readonly Lock s_lock = new();
    private static int s_shown;

    /// <summary>Where the line goes; null: nowhere. Standard error unless it is set, where that is a terminal.</summary>
    public static TextWriter? Output { get; set; } = Console.IsErrorRedirected ? null : Console.Error;

    /// <summary>A kernel is about to be compiled.</summary>
    /// <param name="number">1 for the first of the device.</param>
    /// <param name="spent">Seconds that went into those before it.</param>
    internal static void Show(GpuDevice device, int number, double spent)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"compiling kernels for {device}: {number}, {spent:F1} s");
        lock (s_lock)
        {
            Output?.Write('\r' + line.PadRight(s_shown));
            s_shown = line.Length;
        }
    }

    /// <summary>Takes the line away, if there is one.</summary>
    internal static void End()
    {
        if (s_shown == 0)
        {
            return;
        }

        lock (s_lock)
        {
            Output?.Write('\r' + new string(' ', s_shown) + '\r');
            s_shown = 0;
        }
    }
}
