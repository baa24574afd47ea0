using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests.Layering;

/// <summary>A folder of the compiler's sources that names a type of another one.</summary>
internal readonly record struct Use(string From, string To, string Type, string Example);

/// <summary>What the compiler's sources name, found by binding them: usings alone would miss the root namespace and qualified names.</summary>
internal static class SourceUses
{
    private const string Usings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading;";

    /// <summary>Every use across folders, once. Files in no folder are in "".</summary>
    public static IReadOnlyList<Use> Find()
    {
        var root = Path.Combine(Folders.Root, "src", "ModelCompiler.Compiler");
        var trees = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Where(f => FolderOf(root, f) is not ("obj" or "bin"))
            .Select(static f => CSharpSyntaxTree.ParseText(File.ReadAllText(f), path: f)).Append(CSharpSyntaxTree.ParseText(Usings)).ToArray();
        var compilation = CSharpCompilation.Create("layers", trees, References(), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        return [.. trees.Where(static t => t.FilePath.Length > 0).SelectMany(t => OfFile(compilation.GetSemanticModel(t), root))
            .GroupBy(static u => (u.From, u.To, u.Type)).Select(static g => g.First())];
    }

    private static IEnumerable<Use> OfFile(SemanticModel model, string root)
    {
        var from = FolderOf(root, model.SyntaxTree.FilePath);
        foreach (var name in model.SyntaxTree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            var symbol = model.GetSymbolInfo(name).Symbol;
            var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
            foreach (var file in (type?.OriginalDefinition.DeclaringSyntaxReferences ?? []).Select(static r => r.SyntaxTree.FilePath))
            {
                if (FolderOf(root, file) is var to && to != from)
                {
                    yield return new Use(from, to, type!.Name, $"{Path.GetRelativePath(root, model.SyntaxTree.FilePath)} names {type.Name}");
                }
            }
        }
    }

    private static string FolderOf(string root, string file) => Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar) is [var folder, _, ..] ? folder : "";

    private static IEnumerable<MetadataReference> References() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(static p => Path.GetFileName(p) is var n && (n.StartsWith("System.", StringComparison.Ordinal) || n is "ModelCompiler.Abstractions.dll"))
        .Select(static p => MetadataReference.CreateFromFile(p));
}
