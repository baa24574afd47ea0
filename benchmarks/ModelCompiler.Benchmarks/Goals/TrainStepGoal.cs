using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Benchmarks.Profile;
using ModelCompiler.Benchmarks.Steps;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>Forward, backward, clipping and AdamW, as a share of the peak.</summary>
internal static class TrainStepGoal
{
    private const double SecondsPerCase = 20;
    private const int Wanted = 9;

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        var instrumented = new Lazy<InstrumentedModels>(InstrumentedModels.Compile);
        foreach (var step in StepCase.All)
        {
            var name = $"train-step/{step.Name}";
            if (context.Wants(name))
            {
                yield return One(context, name, step, instrumented.Value);
            }
        }
    }

    /// <summary>The line of one model.</summary>
    internal static Line One(GoalContext context, string name, StepCase step, InstrumentedModels instrumented)
    {
        Samples samples;
        using (var run = step.Start(context.Device))
        {
            samples = Measuring.Measure.InTurn(context.Peak, SecondsPerCase, Wanted, () => Sample.Of(() => run.Step()))[0];
        }

        var profile = StepProfile.Take(instrumented, step, context.Device, context.Peak);
        return Line.Share(name, samples.Share(step.Operations), step.Goal,
            $"{1e3 * samples.Seconds:F1} ms a step, best {1e3 * samples.Best:F1}; {samples.Gflops(step.Operations):F0} of {samples.Peak!.Gflops(PeakProbe.Operations):F0} GFLOP/s; "
            + $"{Line.Percent(samples.ProcessorShare(step.Operations))} by processor time; {context.Threads} threads, {samples}; {profile.Summary()}");
    }
}
