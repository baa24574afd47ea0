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
    private readonly double _seconds, _peak;

    private StepProfile(IReadOnlyList<KernelTime> times, double seconds, double peak) => (_times, _seconds, _peak) = (times, seconds, peak);

    /// <summary>Profiles the fastest of a few steps, the one that was disturbed least, against the fastest probe of the peak.</summary>
    public static StepProfile Take(InstrumentedModels models, StepCase step, CpuDevice device, PeakProbe peak)
    {
        using var run = step.Start(device, models.Model(step));
        run.Step();
        KernelClock.Take();
        var probes = peak.Measure();
        return Enumerable.Range(0, Steps).Select(_ =>
        {
            var seconds = Sample.Of(() => run.Step()).Seconds;
            return new StepProfile(KernelClock.Take(), seconds, PeakProbe.Operations / probes.Best);
        }).MinBy(static p => p._seconds)!;
    }

    /// <summary>Shares of the step by kind: "forward products 30% (at 72% of the peak), ...".</summary>
    public string Summary()
    {
        var kinds = _times.GroupBy(static t => t.Kernel == Update ? "AdamW" : t.Kind)
            .Select(g => (Kind: g.Key, Seconds: g.Sum(static t => t.Seconds), Operations: g.Sum(static t => t.Operations)))
            .Append((Kind: "clipping and the rest", Seconds: _seconds - _times.Sum(static t => t.Seconds), Operations: 0.0));
        return string.Join(", ", kinds.OrderByDescending(static k => k.Seconds).Select(k => $"{k.Kind} {Percent(k.Seconds / _seconds)}" + At(k.Operations, k.Seconds)));
    }

    /// <summary>A table of all kernels, the longest first.</summary>
    public IEnumerable<string> Table()
    {
        yield return $"{1e3 * _seconds:F2} ms a step";
        foreach (var t in _times)
        {
            yield return $"{1e3 * t.Seconds,9:F3} ms {Percent(t.Seconds / _seconds),4} {t.Launches,4} launches  {t.Kernel,-44} {t.Kind}{At(t.Operations, t.Seconds)}";
        }
    }

    private string At(double operations, double seconds) => operations == 0 ? "" : $" (at {Percent(operations / seconds / _peak)} of the peak)";

    private static string Percent(double share) => $"{100 * share:F0}%";
}
