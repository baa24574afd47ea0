using ModelCompiler.Benchmarks.Measuring;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>Measures goals and prints their lines, between two measurements of the peak.</summary>
internal static class GoalRunner
{
    /// <returns>0; 1 where a goal could not be measured; 2 for a name that nothing has. Numbers that fall short are no failure: machines are noisy.</returns>
    public static int Run(string[] names)
    {
        if (names.FirstOrDefault(static n => GoalList.All.All(g => g.Name != n.Split('/')[0])) is { } unknown)
        {
            Console.Error.WriteLine($"There is no goal '{unknown}'. Choose of these, or add a slash and a line's name:");
            Console.Error.WriteLine(GoalList.Text);
            return 2;
        }

        using var context = new GoalContext(names.Length > 0 ? names : [.. GoalList.All.Where(static g => g.IsQuick).Select(static g => g.Name)]);
        var isWhole = true;
        var first = Peak(context, "first", null);
        foreach (var goal in GoalList.All.Where(g => names.Any(n => n.Split('/')[0] == g.Name) || (names.Length == 0 && g.IsQuick)))
        {
            isWhole &= Lines(context, goal);
        }

        Peak(context, "last", first);
        foreach (var name in context.Unanswered)
        {
            Console.Error.WriteLine($"No line is called '{name}'.");
        }

        return context.Unanswered.Count > 0 ? 2 : isWhole ? 0 : 1;
    }

    private static bool Lines(GoalContext context, Goal goal)
    {
        var isWhole = true;
        try
        {
            foreach (var line in goal.Measure(context))
            {
                Console.WriteLine(line);
                isWhole &= line.Outcome != Outcome.Absent;
            }
        }
#pragma warning disable CA1031 // The other goals are measured all the same.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Console.WriteLine(Line.Absent(goal.Name, "-", $"not measured: {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}"));
            return false;
        }

        return isWhole;
    }

    private static double Peak(GoalContext context, string when, double? first)
    {
        using var probe = new PeakProbe(1);
        var (one, all) = (probe.Measure().Gflops(PeakProbe.Operations), context.Peak.Measure().Gflops(PeakProbe.Operations));
        var drift = first is { } before ? $"; {Line.Percent(all / before)} of the first" : "";
        Console.WriteLine(new Line($"peak/{when}", $"{all:F0} GFLOP/s", "-", Outcome.Met, $"{context.Threads} threads{drift}; one thread {one:F0} GFLOP/s; {Runtime.Cpu.Instructions.Best}"));
        return all;
    }
}
