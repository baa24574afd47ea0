using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Benchmarks.Steps;
using ModelCompiler.Runtime;

namespace ModelCompiler.Benchmarks.Profile;

/// <summary>Where the time of a training step goes, kernel by kernel.</summary>
internal sealed class StepProfile
{
    private const string Update = "UpdateKernel";
    private const int Steps = 7;
    private readonly IReadOnlyList<KernelTime> _times;
    private readonly double _seconds;

    private StepProfile(IReadOnlyList<KernelTime> times, double seconds) => (_times, _seconds) = (times, seconds);

    /// <summary>Profiles the fastest of a few steps: the one that was disturbed least.</summary>
    public static StepProfile Take(InstrumentedModels models, StepCase step, CpuDevice device)
    {
        using var run = step.Start(device, models.Model(step));
        run.Step();
        KernelClock.Take();
        return Enumerable.Range(0, Steps).Select(_ =>
        {
            var seconds = Sample.Of(() => run.Step()).Seconds;
            return new StepProfile(KernelClock.Take(), seconds);
        }).MinBy(static p => p._seconds)!;
    }

    /// <summary>Shares of the step by kind: "forward products 30% (at 72% of the peak), ...".</summary>
    /// <param name="peak">GFLOP/s.</param>
    public string Summary(double peak)
    {
        var kinds = _times.GroupBy(static t => t.Kernel == Update ? "AdamW" : t.Kind)
            .Select(g => (Kind: g.Key, Seconds: g.Sum(static t => t.Seconds), Operations: g.Sum(static t => t.Operations)))
            .Append((Kind: "clipping and the rest", Seconds: _seconds - _times.Sum(static t => t.Seconds), Operations: 0.0));
        return string.Join(", ", kinds.OrderByDescending(static k => k.Seconds).Select(k => $"{k.Kind} {Percent(k.Seconds / _seconds)}" + At(k.Operations, k.Seconds, peak)));
    }

    /// <summary>A table of all kernels, the longest first.</summary>
    public IEnumerable<string> Table(double peak)
    {
        yield return $"{1e3 * _seconds:F2} ms a step";
        foreach (var t in _times)
        {
            yield return $"{1e3 * t.Seconds,9:F3} ms {Percent(t.Seconds / _seconds),4} {t.Launches,4} launches  {t.Kernel,-44} {t.Kind}{At(t.Operations, t.Seconds, peak)}";
        }
    }

    private static string At(double operations, double seconds, double peak) => operations == 0 ? "" : $" (at {Percent(operations / seconds / 1e9 / peak)} of the peak)";

    private static string Percent(double share) => $"{100 * share:F0}%";
}
