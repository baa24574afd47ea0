using System.Diagnostics;

namespace ModelCompiler.Benchmarks.Measuring;

/// <summary>One timing. Both sides of a comparison take theirs with this file.</summary>
/// <param name="Seconds">Of one run.</param>
/// <param name="Busy">Processors that ran the measured process meanwhile: fewer than its threads where others had their turn.</param>
internal readonly record struct Sample(double Seconds, double Busy)
{
    /// <summary>Runs an action in this process.</summary>
    public static Sample Of(Action action)
    {
        var (start, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        action();
        var elapsed = Stopwatch.GetElapsedTime(start);
        return new Sample(elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - used) / elapsed);
    }

    /// <summary>Seconds that the processors spent on it, over the number of threads: what it takes where nobody else runs.</summary>
    public double ProcessorSeconds(int threads) => Seconds * Busy / threads;

    /// <summary>Nobody else ran to speak of.</summary>
    public bool IsCalm(int threads) => Busy > 0.9 * threads;
}
