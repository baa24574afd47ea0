using System.Diagnostics;
using ModelCompiler.Gpu;

namespace ModelCompiler.GpuCheck.Speed;

/// <summary>
/// Where the time of a training step goes. Every kernel is waited for, so that nothing overlaps; each time has a wait in it, some microseconds, that the step has not.
/// </summary>
internal sealed class StepProfile
{
    private const int Steps = 3;
    private readonly Dictionary<string, (int Launches, double Seconds)> _kernels = [];
    private readonly GpuEngine _engine;
    private long _last;

    private StepProfile(GpuEngine engine) => _engine = engine;

    /// <summary>Makes some steps of a model.</summary>
    public static StepProfile Of(StepSpeed step, GpuDevice device)
    {
        using var model = step.Create(device);
        var engine = (GpuEngine)model.Core.Engine;
        engine.Graphs = new PassGraphs(null, Console.Error.WriteLine);
        var batch = step.Batch(model.Core, device);
        var profile = new StepProfile(engine);
        for (var i = 0; i <= Steps; i++)
        {
            batch.Set(model.Core);
            profile._last = Stopwatch.GetTimestamp();
            model.Core.ComputeGradients(batch.Batch, batch.Length, accumulate: false);
            model.Core.Step();
            engine.Context.Launched = profile.Add; // the first step compiles
        }

        engine.Context.Launched = null;
        return profile;
    }

    /// <summary>Prints the kernels, the slowest first.</summary>
    public void Write(TextWriter output)
    {
        var all = _kernels.Values.Sum(static k => k.Seconds);
        output.WriteLine(FormattableString.Invariant($"{1e3 * all / Steps:F2} ms in {_kernels.Values.Sum(static k => k.Launches) / Steps} kernels"));
        foreach (var (kernel, (launches, seconds)) in _kernels.OrderByDescending(static k => k.Value.Seconds))
        {
            output.WriteLine(FormattableString.Invariant($"{100 * seconds / all,5:F1}%  {1e3 * seconds / Steps,8:F3} ms  {launches / Steps,4} x {1e6 * seconds / launches,7:F1} us  {kernel}"));
        }
    }

    private void Add(string kernel)
    {
        _engine.Synchronize();
        var now = Stopwatch.GetTimestamp();
        var (launches, seconds) = _kernels.GetValueOrDefault(kernel);
        _kernels[kernel] = (launches + 1, seconds + Stopwatch.GetElapsedTime(_last, now).TotalSeconds);
        _last = now;
    }
}
