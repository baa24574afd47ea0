using System.Diagnostics;
using ModelCompiler.Trainee;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>A small training with dropout, average and accumulation, killed from outside at random instants and started again: no run is lost, and the weights are those of the run that nobody killed.</summary>
internal static class ResumeGoal
{
    private const string Name = "resume";
    private const int Kills = 200;
    private const int Steps = 200;
    private const int Seed = 1;

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        if (!context.Wants(Name))
        {
            return [];
        }

        var start = Stopwatch.GetTimestamp();
        var report = KillTrial.Run(Kills, Steps, Seed);
        foreach (var problem in report.Problems)
        {
            Console.Error.WriteLine(problem);
        }

        return [new Line(Name, $"{report.Problems.Count} lost or different", "0", report.Problems.Count == 0 ? Outcome.Met : Outcome.Short,
            $"{report.Kills} kills by signal 9, {report.Writing} of them in the middle of writing, {report.Runs} runs of {Steps} steps came to their end; {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s, seed {Seed}")];
    }
}
