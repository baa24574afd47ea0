using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Benchmarks.Steps;
using ModelCompiler.Runtime;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>What a model says that it needs, against what it has allocated behind a training step and how the process has grown by it.</summary>
internal static class MemoryGoal
{
    public static IEnumerable<Line> Measure(GoalContext context) =>
        from name in new[] { "vit-s", "bert-768", "gpt-384" }
        where context.Wants($"memory/{name}")
        select One(context, StepCase.Named(name));

    private static Line One(GoalContext context, StepCase step)
    {
        var batches = new[] { 1, 3, 8 }.Select(batch => Batch(context, step with { Batch = batch })).ToArray();
        return new Line($"memory/{step.Name}", batches.All(static b => b.Promised == b.Allocated) ? "equal" : "differs", "equal",
            batches.All(static b => b.Promised == b.Allocated) ? Outcome.Met : Outcome.Short,
            string.Join(", ", batches.Select(static b => $"batch {b.Size}: {b.Promised:N0} bytes promised, {b.Allocated:N0} allocated, process grown by {b.Resident:N0}")));
    }

    private static (int Size, long Promised, long Allocated, long Resident) Batch(GoalContext context, StepCase step)
    {
        GC.Collect();
        var before = ProcessMemory.Resident();
        using var run = step.Start(context.Device);
        var promised = run.Core.MemoryFor(Pass.Train, step.Batch, step.Length);
        run.Step();
        GC.Collect();
        return (step.Batch, promised, run.Core.AllocatedBytes, ProcessMemory.Resident() - before);
    }
}
