using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelCompiler.Benchmarks.Generation;
using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Generators;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>What the generator costs whoever builds or edits.</summary>
internal static class GeneratorGoal
{
    private const double MostMilliseconds = 500;
    private const int Runs = 5;

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        if (context.Wants("generator/cold"))
        {
            yield return Cold();
        }

        if (context.Wants("generator/edit"))
        {
            yield return Edit();
        }

        if (context.Wants("generator/lines"))
        {
            yield return Lines();
        }
    }

    private static Line Cold()
    {
        var first = Enumerable.Range(0, Runs).Min(static _ => ColdRun.Milliseconds(isCompilerWarm: true));
        var all = Enumerable.Range(0, Runs).Min(static _ => ColdRun.Milliseconds(isCompilerWarm: false));
        var compilation = GeneratorHost.Compilation(Sources.Gpt2(12));
        GeneratorHost.Driver().RunGenerators(compilation);
        var again = Samples.Median(Enumerable.Range(0, 9).Select(_ => 1e3 * Sample.Of(() => GeneratorHost.Driver().RunGenerators(compilation)).Seconds));
        return new Line("generator/cold", $"{first:F0} ms", $"< {MostMilliseconds:F0} ms", first < MostMilliseconds ? Outcome.Met : Outcome.Short,
            $"GPT-2 124M, first run of a process whose compiler has run another generator; "
            + $"{all:F0} ms with the JIT of the compiler's own code, {again:F0} ms once all code is compiled; fastest of {Runs} processes");
    }

    private static Line Edit()
    {
        var compilation = GeneratorHost.Compilation(Sources.Gpt2(12), Sources.Other);
        var other = compilation.SyntaxTrees[1];
        var driver = GeneratorHost.Driver().RunGenerators(compilation);
        driver = driver.RunGenerators(compilation.ReplaceSyntaxTree(other, CSharpSyntaxTree.ParseText(Sources.OtherEdited)));
        var result = driver.GetRunResult().Results[0];
        var steps = new[] { ModelGenerator.SpecStep, ModelGenerator.FilesStep }.Select(n => (Name: n, Runs: result.TrackedSteps[n]))
            .Append((Name: "output", Runs: [.. result.TrackedOutputSteps.SelectMany(static s => s.Value)]))
            .Select(static s => (s.Name, Reasons: s.Runs.SelectMany(static r => r.Outputs).Select(static o => o.Reason).Distinct().ToArray())).ToArray();

        // Symbols have to be read again to know that they are as they were; nothing behind them may run.
        var isCached = steps.All(static s => s.Reasons.All(r => r == IncrementalStepRunReason.Cached || (r == IncrementalStepRunReason.Unchanged && s.Name == ModelGenerator.SpecStep)));
        return new Line("generator/edit", isCached ? "cached" : "runs again", "cached", isCached ? Outcome.Met : Outcome.Short,
            "an edit in another file: " + string.Join(", ", steps.Select(static s => $"{s.Name} {string.Join(" and ", s.Reasons)}")));
    }

    private static Line Lines()
    {
        var (at12, at48) = (Count(12), Count(48));
        var isEqual = at12.Code == at48.Code;
        return new Line("generator/lines", $"{at12.Code} and {at48.Code}", "equal", isEqual ? Outcome.Met : Outcome.Short,
            $"lines of emitted code at depth 12 and 48; {at12.Tables} and {at48.Tables} of tables");
    }

    // Parameters and checkpoint names are tables, in a file of their own.
    private static (int Code, int Tables) Count(int depth)
    {
        var files = GeneratorHost.Driver().RunGenerators(GeneratorHost.Compilation(Sources.Gpt2(depth))).Files();
        return (files.Where(static f => !IsTable(f)).Sum(static f => f.SourceText.Lines.Count), files.Where(IsTable).Sum(static f => f.SourceText.Lines.Count));
    }

    private static bool IsTable(GeneratedSourceResult file) => file.HintName.EndsWith(".Description.g.cs", StringComparison.Ordinal);
}
