using ModelCompiler.Benchmarks.Steps;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>Into how many pieces each launch of a training step is cut on a wide machine: threads beyond that number would stand idle.</summary>
internal static class ChunksGoal
{
    private const int Threads = 64;
    private const double Goal = 0.5;

    public static IEnumerable<Line> Measure(GoalContext context) =>
        from step in StepCase.All
        where context.Wants($"chunks/{step.Name}")
        select One(step);

    private static Line One(StepCase step)
    {
        using var run = step.Start(new CpuDevice(Threads));
        var engine = (CpuEngine)run.Core.Engine;
        var watch = new Watch(engine.Team);
        engine.Watch = watch;
        run.ComputeGradients();
        var launches = watch.Launches.Where(static l => l.Values > 1).ToArray();
        var wide = launches.Count(static l => l.Chunks >= Threads);
        var narrow = launches.Where(static l => l.Chunks < Threads).GroupBy(static l => l.Kernel).Select(static g => $"{g.Key} {g.Min(static l => l.Chunks)}");
        return new Line($"chunks/{step.Name}", $"{wide} of {launches.Length} launches", $">= {Goal:P0}", wide >= Goal * launches.Length ? Outcome.Met : Outcome.Short,
            $"have {Threads} chunks or more for {Threads} threads; the others: {string.Join(", ", narrow)}");
    }

    private sealed class Watch : IKernelWatch
    {
        private readonly ThreadTeam _team;

        public Watch(ThreadTeam team)
        {
            _team = team;
            team.MostChunks = 0;
        }

        public List<(string Kernel, long Values, int Chunks)> Launches { get; } = [];

        public void Ran(string kernel, params ReadOnlySpan<KernelOutput> outputs)
        {
            var values = 0L;
            foreach (var output in outputs)
            {
                values = Math.Max(values, output.Count);
            }

            Launches.Add((kernel, values, _team.MostChunks));
            _team.MostChunks = 0;
        }
    }
}
