using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelCompiler.Generators.Tests.Harness;

namespace ModelCompiler.Generators.Tests.Caching;

/// <summary>A project as an editor sees it: a driver that remembers, and edits one after the other.</summary>
internal sealed class Session(params string[] sources)
{
    private GeneratorDriver _driver = InMemory.Driver();
    private ProjectFile[] _files = [];

    public CSharpCompilation Project { get; private set; } = InMemory.Project(sources);

    /// <summary>Adds a file that is no source, or writes one of that name anew.</summary>
    public Session Write(ProjectFile file)
    {
        var old = _files.SingleOrDefault(f => f.Path == file.Path);
        _driver = old is null ? _driver.AddAdditionalTexts([file]) : _driver.ReplaceAdditionalText(old, file);
        _files = [.. _files.Where(f => f != old), file];
        return this;
    }

    /// <summary>Runs the generator on the project as it is.</summary>
    public GeneratorRunResult Run()
    {
        _driver = _driver.RunGenerators(Project, TestContext.Current.CancellationToken);
        return Assert.Single(_driver.GetRunResult().Results);
    }

    /// <summary>Changes the project.</summary>
    public Session Edit(Func<CSharpCompilation, CSharpCompilation> edit)
    {
        Project = edit(Project);
        return this;
    }

    /// <summary>Writes one of its files anew.</summary>
    public Session Write(int file, string source) => Edit(p => p.ReplaceSyntaxTree(p.SyntaxTrees[file], InMemory.Tree(source, $"File{file}.cs")));

    /// <summary>Runs the generator, and says for each model why a step gave what it gave: <c>A: Modified</c>.</summary>
    public string[] Reasons(string step) => [.. Outputs(Run(), step).Select(static o => $"{o.Subject}: {o.Reason}").Order(StringComparer.Ordinal)];

    /// <summary>What a step gave in a run: the class, the value, and why.</summary>
    public static IEnumerable<(string Subject, object Value, IncrementalStepRunReason Reason)> Outputs(GeneratorRunResult run, string step) =>
        run.TrackedSteps[step].SelectMany(static s => s.Outputs).Select(static o => (Subject(o.Value), o.Value, o.Reason));

    private static string Subject(object value) => (string)value.GetType().GetProperty("Subject")!.GetValue(value)!;
}
