using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Runtime;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>What every goal gets.</summary>
/// <param name="names">Goals, or single lines such as <c>train-step/gpt-384</c>, that were asked for.</param>
internal sealed class GoalContext(IReadOnlyCollection<string> names) : IDisposable
{
    private readonly HashSet<string> _unanswered = [.. names];

    /// <summary>The peak of all threads.</summary>
    public PeakProbe Peak { get; } = new(Environment.ProcessorCount);

    public int Threads => Peak.Threads;

    /// <summary>Where our side runs: on as many threads as the peak is measured on.</summary>
    public CpuDevice Device { get; } = new(Environment.ProcessorCount);

    /// <summary>Names that no line had.</summary>
    public IReadOnlyCollection<string> Unanswered => _unanswered;

    /// <summary>Whether a line of a goal was asked for, by its own name or by one that it starts with.</summary>
    public bool Wants(string line)
    {
        string[] reasons = [.. names.Where(n => line == n || line.StartsWith(n + "/", StringComparison.Ordinal))];
        _unanswered.ExceptWith(reasons);
        return reasons.Length > 0;
    }

    public void Dispose() => Peak.Dispose();
}
