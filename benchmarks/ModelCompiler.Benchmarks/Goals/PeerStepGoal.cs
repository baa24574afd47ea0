using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Benchmarks.Peers;
using ModelCompiler.Benchmarks.Steps;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>
/// Whole training steps in turn with TorchSharp's: the same model, batch and threads, float32. Libtorch's idle threads can spin or
/// sleep and either may be the faster; both are run and the faster counts.
/// </summary>
internal static class PeerStepGoal
{
    private const double SecondsPerCase = 60;
    private const int Wanted = 9;
    private const int Pause = 200; // libgomp's threads spin for about a tenth of a second behind a step
    private const double LossTolerance = 0.05;

    private static double Goal => Processor.IsAmd ? 2.2 : 1.4;

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        foreach (var step in StepCase.All)
        {
            var name = $"peer-step/{step.Name}";
            if (context.Wants(name))
            {
                yield return One(context, name, step, Goal);
            }
        }
    }

    /// <summary>The line of one model.</summary>
    /// <param name="goal">How many times as fast as the peer.</param>
    internal static Line One(GoalContext context, string name, StepCase step, double goal)
    {
        if (PeerBuild.Path is not { } path)
        {
            return Line.Absent(name, $">= {goal}x", "TorchSharp cannot be restored here");
        }

        using var ours = step.Start(context.Device);
        using var spinning = new PeerProcess(path, step, context.Threads, spins: true);
        using var sleeping = new PeerProcess(path, step, context.Threads, spins: false);
        RequireSame(ours, spinning);
        var samples = Measuring.Measure.InTurn(context.Peak, SecondsPerCase, Wanted, Pause,
            () => Sample.Of(() => ours.Step()), () => spinning.Step().Time, () => sleeping.Step().Time);
        var (spin, sleep) = (samples[1], samples[2]);
        var peer = spin.Seconds < sleep.Seconds ? spin : sleep;
        var ratio = peer.Seconds / samples[0].Seconds;
        return new Line(name, $"{ratio:F2}x", $">= {goal}x", ratio >= goal ? Outcome.Met : Outcome.Short,
            $"{1e3 * samples[0].Seconds:F1} ms a step, TorchSharp {1e3 * spin.Seconds:F1} with spinning and {1e3 * sleep.Seconds:F1} with sleeping threads; "
            + $"best of each {1e3 * samples[0].Best:F1}, {1e3 * spin.Best:F1}, {1e3 * sleep.Best:F1}; "
            + $"shares of the peak {Line.Percent(samples[0].Share(step.Operations))} and {Line.Percent(peer.Share(step.Operations))}; {context.Threads} threads, {samples[0]}, peer {peer}");
    }

    // Other numbers of parameters or first losses would mean another model.
    private static void RequireSame(StepRun ours, PeerProcess peer)
    {
        var (loss, theirs) = (ours.Step(), peer.Step().Loss);
        if (ours.Parameters != peer.Parameters || Math.Abs(loss - theirs) > LossTolerance * loss)
        {
            throw new InvalidOperationException($"The models differ: {ours.Parameters} parameters and a first loss of {loss:F3} against {peer.Parameters} and {theirs:F3}.");
        }
    }
}
