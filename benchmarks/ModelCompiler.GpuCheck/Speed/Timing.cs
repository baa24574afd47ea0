using System.Diagnostics;
using ModelCompiler.Gpu;

namespace ModelCompiler.GpuCheck.Speed;

/// <summary>Times work that a device does while the host is ahead of it.</summary>
internal static class Timing
{
    private const int Rounds = 5;

    /// <summary>Seconds of one run: the best of five rounds, each of as many runs as take about <paramref name="seconds"/> together.</summary>
    public static double Best(GpuContext context, double seconds, Action run)
    {
        One(context, run, 1); // compiles
        var repeats = (int)Math.Clamp(seconds / Rounds / One(context, run, 1), 1, 10_000);
        return Enumerable.Range(0, Rounds).Min(_ => One(context, run, repeats));
    }

    private static double One(GpuContext context, Action run, int repeats)
    {
        context.Synchronize();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repeats; i++)
        {
            run();
        }

        context.Synchronize();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / repeats;
    }
}
