using System.Diagnostics;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Benchmarks.Profile;

/// <summary>What instrumented code calls around every launch. Public for that code alone; one thread launches.</summary>
public static class KernelClock
{
    private static readonly Dictionary<string, KernelTime> s_times = [];
    private static string s_kind = KernelTime.Rows;
    private static double s_operations;

    /// <summary>The times since the last call, the longest first.</summary>
    internal static KernelTime[] Take()
    {
        KernelTime[] times = [.. s_times.Values.OrderByDescending(static t => t.Seconds)];
        s_times.Clear();
        return times;
    }

    /// <summary>Before a launch.</summary>
    public static long Start()
    {
        (s_kind, s_operations) = (KernelTime.Rows, 0);
        return Stopwatch.GetTimestamp();
    }

    /// <summary>The launch is a matrix product.</summary>
    public static void Product(in MatrixProduct product)
    {
        s_kind = product.TransposeA ? "dW products" : product.TransposeB ? "forward products" : "dX products";
        s_operations += 2.0 * product.Rows * product.Columns * product.Inner;
    }

    /// <summary>The launch is attention.</summary>
    public static void Attention() => s_kind = "attention";

    /// <summary>Behind a launch.</summary>
    public static void Stop(string kernel, long started)
    {
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (!s_times.TryGetValue(kernel, out var time))
        {
            s_times.Add(kernel, time = new KernelTime(kernel, s_kind));
        }

        time.Add(seconds, s_operations);
    }
}
