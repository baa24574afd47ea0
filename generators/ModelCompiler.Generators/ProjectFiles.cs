using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Generators;

/// <summary>The files of a project that can be tokenizers. They are read only where a model names them: some are large.</summary>
/// <param name="folder">The project's folder; empty where the build does not say it.</param>
internal sealed class ProjectFiles(string folder, ImmutableArray<AdditionalText> files)
{
    private const string FolderOption = "build_property.ProjectDir";

    private readonly Dictionary<string, AdditionalText> _files = files.GroupBy(f => From(folder, f.Path), StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.First(), StringComparer.Ordinal);

    /// <summary>For an analyzer.</summary>
    public static ProjectFiles Of(AnalyzerOptions options) => new(Folder(options.AnalyzerConfigOptionsProvider), [.. options.AdditionalFiles.Where(IsTokenizer)]);

    /// <summary>For a generator: another one only when such a file changes, comes or goes.</summary>
    public static IncrementalValueProvider<ProjectFiles> Of(IncrementalGeneratorInitializationContext context) =>
        context.AdditionalTextsProvider.Where(IsTokenizer).Collect()
            .Combine(context.AnalyzerConfigOptionsProvider.Select(static (options, _) => Folder(options)))
            .Select(static (pair, _) => new ProjectFiles(pair.Right, pair.Left));

    /// <summary>The spec with what its tokenizer leads to.</summary>
    public ModelSpec AddTo(ModelSpec spec, CancellationToken cancel = default) => TokenizerFiles.AddTo(spec, _files.Keys, path => _files[path].GetText(cancel)?.ToString());

    private static bool IsTokenizer(AdditionalText file) => TokenizerFiles.Has(file.Path.Substring(file.Path.LastIndexOfAny(['/', '\\']) + 1));

    private static string Folder(AnalyzerConfigOptionsProvider options) => options.GlobalOptions.TryGetValue(FolderOption, out var folder) ? folder : "";

    private static string From(string folder, string path) => (path.StartsWith(folder, StringComparison.OrdinalIgnoreCase) ? path.Substring(folder.Length) : path).Replace('\\', '/').TrimStart('/');
}
