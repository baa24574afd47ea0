using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelCompiler.Cli.Scaffolding;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Generators;

namespace ModelCompiler.Cli.Hosting;

/// <summary>
/// Finds a model by what a user has of it: a checkpoint folder, C# source, or a built assembly. Only the last says whether it has programs for GPUs;
/// of the others they are shown as well.
/// </summary>
internal static class ModelSource
{
    private const int DeepestTokenizer = 6;

    /// <param name="name">Class name, with namespace or without; null where there is only one.</param>
    /// <exception cref="ModelSourceException">There is no such file or class, or there are several.</exception>
    public static ModelSpec Find(string path, string? name)
    {
        if (Directory.Exists(path))
        {
            var result = CheckpointFolder.Scaffold(path, name ?? ClassName.Of(path));
            return result.Spec is { } spec ? spec with { HasGpu = true } : throw new HostException($"{path} asks for what has no counterpart yet:\n  {string.Join("\n  ", result.Unsupported)}");
        }

        if (!File.Exists(path))
        {
            throw new ModelSourceException($"There is no folder or file '{path}'.");
        }

        var specs = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".cs" => OfSource(path),
            ".dll" => OfAssembly(path),
            var other => throw new ModelSourceException($"'{path}' ends in '{other}'; legal are a checkpoint folder, a .cs file or a .dll."),
        };
        return WithTokenizers(Choose(path, [.. specs], name), Folder(path));
    }

    // Where a model's Tokenizer is looked for: the source's project, or beside a program.
    private static string Folder(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        for (var at = folder; at is not null && path.EndsWith(".cs", StringComparison.OrdinalIgnoreCase); at = Path.GetDirectoryName(at))
        {
            if (Directory.EnumerateFiles(at, "*.csproj").Any())
            {
                return at;
            }
        }

        return folder;
    }

    private static ModelSpec WithTokenizers(ModelSpec spec, string folder)
    {
        if (!Names(spec))
        {
            return spec;
        }

        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = DeepestTokenizer };
        var files = Directory.EnumerateFiles(folder, "*", options).Where(static f => TokenizerFiles.Has(Path.GetFileName(f)));
        return TokenizerFiles.AddTo(spec, files.Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).ToHashSet(StringComparer.Ordinal), f => File.ReadAllText(Path.Combine(folder, f)));

        static bool Names(ModelSpec spec) => spec.Attributes.Any(static a => a.Arguments.Any(static o => o.Name == nameof(TextTransformerAttribute.Tokenizer)) || a.TypeArguments.Any(Names));
    }

    private static ModelSpec Choose(string path, ModelSpec[] specs, string? name)
    {
        var found = name is null ? specs : [.. specs.Where(s => s.Type.Name == name || s.Type.FullName == name)];
        var names = string.Join(", ", specs.Select(static s => s.Type.FullName));
        return found switch
        {
            [var only] => only,
            [] when specs.Length == 0 => throw new ModelSourceException($"'{path}' has no class with model attributes."),
            [] => throw new ModelSourceException($"'{path}' has no model '{name}'; it has {names}."),
            _ => throw new ModelSourceException($"'{path}' has several models: choose one with --name: {names}."),
        };
    }

    private static IEnumerable<ModelSpec> OfSource(string path)
    {
        var compilation = CSharpCompilation.Create("source", [CSharpSyntaxTree.ParseText(File.ReadAllText(path), path: path), CSharpSyntaxTree.ParseText("global using System; global using ModelCompiler;")], HostedModel.References);
        return Wrong(compilation).ToArray() is { Length: > 0 } wrong ? throw new ModelSourceException(string.Join('\n', wrong)) : Read(compilation, compilation.Assembly);
    }

    // What C# cannot read of an attribute of ours is not among its arguments. Other errors may be for want of other files, or of the code that is emitted.
    private static IEnumerable<string> Wrong(CSharpCompilation compilation) => compilation.GetDeclarationDiagnostics()
        .Where(d => d.Severity == DiagnosticSeverity.Error && d.Location.SourceTree is { } tree && tree.GetRoot().FindNode(d.Location.SourceSpan).FirstAncestorOrSelf<AttributeSyntax>() is { } attribute
            && compilation.GetSemanticModel(tree).GetTypeInfo(attribute).Type?.ContainingAssembly?.Name == typeof(ModelAttribute).Assembly.GetName().Name)
        .Select(static d => d.ToString());

    private static IEnumerable<ModelSpec> OfAssembly(string path)
    {
        var reference = MetadataReference.CreateFromFile(path);
        var compilation = CSharpCompilation.Create("assembly", null, [.. HostedModel.References, reference]);
        return compilation.GetAssemblyOrModuleSymbol(reference) is IAssemblySymbol assembly ? Read(compilation, assembly) : throw new ModelSourceException($"'{path}' is no .NET assembly.");
    }

    private static IEnumerable<ModelSpec> Read(CSharpCompilation compilation, IAssemblySymbol assembly)
    {
        _ = compilation.GlobalNamespace;
        return Types(assembly.GlobalNamespace).Select(SpecReader.Read).OfType<ModelSpec>().OrderBy(static s => s.Type.FullName, StringComparer.Ordinal);
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol container) => container.GetMembers().SelectMany(static m => m switch
    {
        INamespaceSymbol n => Types(n),
        INamedTypeSymbol t => Types(t).Prepend(t),
        _ => [],
    });
}

/// <summary>A path or name that leads to no model.</summary>
internal sealed class ModelSourceException(string message) : Exception(message);
