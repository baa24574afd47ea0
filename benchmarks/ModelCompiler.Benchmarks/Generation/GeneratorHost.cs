using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelCompiler.Generators;

namespace ModelCompiler.Benchmarks.Generation;

/// <summary>The generator within this process, over source text.</summary>
internal static class GeneratorHost
{
    private static readonly CSharpCompilationOptions s_options = new(
        OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable);

    private static readonly Lazy<MetadataReference[]> s_references = new(static () =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(static p => Path.GetFileName(p) != "ModelCompiler.Gpu.dll").Select(static p => MetadataReference.CreateFromFile(p))]);

    private static int s_compilations;

    /// <summary>A compilation against everything that this process can load but what models for GPUs need: programs of the CPU are what is measured. Each has a name of its own, because a process loads a name once.</summary>
    public static CSharpCompilation Compilation(params IEnumerable<string> sources) =>
        CSharpCompilation.Create($"benchmarked{Interlocked.Increment(ref s_compilations)}", sources.Select(static s => CSharpSyntaxTree.ParseText(s)), s_references.Value, s_options);

    /// <summary>A driver that has run nothing yet and records the reasons of its steps.</summary>
    public static GeneratorDriver Driver(IIncrementalGenerator? generator = null) => CSharpGeneratorDriver.Create(
        [(generator ?? new ModelGenerator()).AsSourceGenerator()],
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>The emitted files by hint name.</summary>
    /// <exception cref="InvalidOperationException">The generator reported an error or emitted nothing.</exception>
    public static IReadOnlyList<GeneratedSourceResult> Files(this GeneratorDriver driver)
    {
        var result = driver.GetRunResult().Results[0];
        return result.Exception is null && result.Diagnostics.IsEmpty && result.GeneratedSources.Length > 0 ? result.GeneratedSources
            : throw new InvalidOperationException($"The generator emitted {result.GeneratedSources.Length} files: {result.Exception?.Message} {string.Join("; ", result.Diagnostics)}");
    }
}
