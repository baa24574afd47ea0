using ModelCompiler.Benchmarks.Measuring;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>How a goal came out.</summary>
internal enum Outcome
{
    Met,
    Short,

    /// <summary>What it needs is not on this machine.</summary>
    Absent,
}

/// <summary>One measured line.</summary>
/// <param name="Name">The goal's name, then a slash and the case where it has several.</param>
/// <param name="Goal">What <paramref name="Value"/> has to be; "-" where the line only informs.</param>
internal sealed record Line(string Name, string Value, string Goal, Outcome Outcome, string Details)
{
    /// <summary>A share of the peak that has to reach another.</summary>
    public static Line Share(string name, double share, double goal, string details) =>
        new(name, Percent(share), $">= {Percent(goal)}", share >= goal ? Outcome.Met : Outcome.Short, details);

    public static Line Absent(string name, string goal, string what) => new(name, "-", goal, Outcome.Absent, what);

    public static string Percent(double share) => $"{100 * share:F1}%";

    /// <summary>Tab-separated: name, value, goal, met or short, details, processor.</summary>
    public override string ToString() => string.Join('\t', Name, Value, Goal, Outcome.ToString().ToLowerInvariant(), $"{Details}; {Processor.Name}");
}
