using ModelCompiler.Benchmarks.Peers;
using ModelCompiler.Benchmarks.Steps;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>
/// Peak memory of training beside TorchSharp's: how far the resident bytes of a fresh process rise over what they were before
/// there was a model, on both sides counted by the same code. Libtorch's allocator on the CPU keeps no account of its own.
/// </summary>
internal static class MemoryPeerGoal
{
    private const double Goal = 0.8;

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        foreach (var step in StepCase.All)
        {
            var name = $"memory-peer/{step.Name}";
            if (context.Wants(name))
            {
                yield return PeerBuild.Path is { } path ? One(context, path, name, step) : Line.Absent(name, $"<= {Goal}x", "TorchSharp cannot be restored here");
            }
        }
    }

    private static Line One(GoalContext context, string path, string name, StepCase step)
    {
        var ours = StepMemory.Measure(step, context.Threads);
        using var peer = new PeerProcess(path, step, context.Threads, spins: false);
        for (var i = 0; i < StepMemory.Steps; i++)
        {
            peer.Step();
        }

        var growth = peer.Peak() - peer.Before;
        var ratio = ours.Growth / (double)growth;
        return new Line(name, $"{ratio:F3}x", $"<= {Goal}x", ratio <= Goal ? Outcome.Met : Outcome.Short,
            $"peak resident bytes over those before the model: {ours.Growth / 1e6:F1} MB ({ours.Promised / 1e6:F1} promised), TorchSharp {growth / 1e6:F1} MB; "
            + $"whole processes {ours.Peak / 1e6:F1} and {peer.Peak() / 1e6:F1} MB; {StepMemory.Steps} steps");
    }
}
