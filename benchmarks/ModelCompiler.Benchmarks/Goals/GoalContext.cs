using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Runtime;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>What every goal gets.</summary>
/// <param name="names">Goals, or single lines such as <c>train-step/gpt-384</c>, that were asked for.</param>
internal sealed class GoalContext(IReadOnlyCollection<string> names) : IDisposable
{
    /// <summary>The peak of all threads.</summary>
    public PeakProbe Peak { get; } = new(Environment.ProcessorCount);

    public int Threads => Peak.Threads;

    /// <summary>Where our side runs: on as many threads as the peak is measured on.</summary>
    public CpuDevice Device { get; } = new(Environment.ProcessorCount);

    /// <summary>Whether a line of a goal was asked for, by its own name or by the goal's.</summary>
    public bool Wants(string line) => names.Any(n => line == n || line.StartsWith(n + "/", StringComparison.Ordinal));

    public void Dispose() => Peak.Dispose();
}
