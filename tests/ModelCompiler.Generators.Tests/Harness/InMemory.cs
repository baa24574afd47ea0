using System.Collections.Immutable;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ModelCompiler.Generators.Tests.Harness;

/// <summary>Projects that exist in memory only. All share one set of references, because reading those costs more than compiling.</summary>
internal static class InMemory
{
    private static readonly MetadataReference[] s_references =
    [
        .. Net100.References.All,
        MetadataReference.CreateFromFile(typeof(ModelAttribute).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(Runtime.IModel).Assembly.Location),
    ];

    private static readonly MetadataReference[] s_gpuReferences =
    [
        .. s_references,
        MetadataReference.CreateFromFile(typeof(Gpu.GpuDevice).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(ILGPU.Context).Assembly.Location),
    ];

    /// <summary>The same with a reference to ModelCompiler.Gpu.</summary>
    public static CSharpCompilation GpuProject(params string[] sources) => Project(sources).WithReferences(s_gpuReferences);

    /// <summary>A project as one that imports our properties: unsafe code is allowed, nullability is checked.</summary>
    /// <param name="sources">Its files; each gets <c>using ModelCompiler;</c> in front.</param>
    public static CSharpCompilation Project(params string[] sources) => CSharpCompilation.Create(
        "Demo", sources.Select(static (s, i) => Tree(s, $"File{i}.cs")), s_references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

    public static SyntaxTree Tree(string source, string path = "File0.cs", LanguageVersion version = LanguageVersion.Latest) =>
        CSharpSyntaxTree.ParseText("using ModelCompiler;\n" + source, new CSharpParseOptions(version, DocumentationMode.Diagnose), path);

    /// <summary>A driver as an editor keeps one; it remembers steps from run to run.</summary>
    /// <param name="files">The project's files that are no source.</param>
    public static GeneratorDriver Driver(ModelGenerator? generator = null, CSharpParseOptions? options = null, params IEnumerable<ProjectFile> files) => CSharpGeneratorDriver.Create(
        [(generator ?? new ModelGenerator()).AsSourceGenerator()], files, optionsProvider: new ProjectOptions(), parseOptions: options ?? new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Diagnose),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>The project with what the generator adds to it, and what the generator complains about.</summary>
    public static (CSharpCompilation Output, ImmutableArray<Diagnostic> Complaints) Generate(CSharpCompilation project, ModelGenerator? generator = null, params IEnumerable<ProjectFile> files)
    {
        Driver(generator, (CSharpParseOptions?)project.SyntaxTrees.FirstOrDefault()?.Options, files).RunGeneratorsAndUpdateCompilation(project, out var output, out var complaints, TestContext.Current.CancellationToken);
        return ((CSharpCompilation)output, complaints);
    }

    /// <summary>What the analyzer says about a project.</summary>
    public static async Task<ImmutableArray<Diagnostic>> Analyze(CSharpCompilation project, ModelAnalyzer? analyzer = null, params IEnumerable<ProjectFile> files) =>
        await project.WithAnalyzers([analyzer ?? new ModelAnalyzer()], new AnalyzerOptions([.. files], new ProjectOptions())).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);

    /// <summary>What generator and analyzer say about a project, as a build shows it: the analyzer sees emitted code, and what is suppressed is left out.</summary>
    public static async Task<Diagnostic[]> Say(CSharpCompilation project, params ProjectFile[] files)
    {
        var (output, complaints) = Generate(project, null, files);
        return [.. complaints.Where(static c => !c.IsSuppressed), .. await Analyze(output, null, files)];
    }

    /// <summary>What C# and the analyzer say about a project.</summary>
    public static async Task<ImmutableArray<Diagnostic>> Diagnose(CSharpCompilation project) =>
        await project.WithAnalyzers([new ModelAnalyzer()]).GetAllDiagnosticsAsync(TestContext.Current.CancellationToken);

    /// <summary>The text that a diagnostic marks.</summary>
    public static string Marked(Diagnostic diagnostic) => diagnostic.Location.SourceTree!.GetText(TestContext.Current.CancellationToken).ToString(diagnostic.Location.SourceSpan);
}
