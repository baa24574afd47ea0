using System.Diagnostics;
using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck.Reporting;

namespace ModelCompiler.GpuCheck.Speed;

/// <summary>What a launch costs the host: an empty kernel is put on the stream many times, and nobody waits for it meanwhile.</summary>
internal static class LaunchSpeed
{
    private const int Rounds = 20;
    private const int Launches = 200;

    public static Result Measure(GpuContext context)
    {
        var microseconds = Microseconds(context);
        return new Result(true, FormattableString.Invariant($"{microseconds:F2} us of the host for each"), ("host_us", microseconds));
    }

    /// <summary>Microseconds of the host for a launch, in the best of twenty rounds.</summary>
    public static double Microseconds(GpuContext context)
    {
        Arguments a = default;
        context.Launch(Body, 1, 1, in a);
        return Enumerable.Range(0, Rounds).Min(_ =>
        {
            context.Synchronize();
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Launches; i++)
            {
                context.Launch(Body, 1, 1, in a);
            }

            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Launches;
        });
    }

    private static void Body(Arguments a)
    {
        // Nothing: what is timed is the way here.
    }

    internal struct Arguments
    {
        public int Number;
    }
}
