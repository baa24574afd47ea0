using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Generators;

/// <summary>Why no code can continue a class in its project, not even a skeleton. The generator says it: others may name the types that are missing, and the analyzer is not asked then.</summary>
internal static class Obstacles
{
    /// <summary>The version of C# that emitted code is written in.</summary>
    private const LanguageVersion Emitted = LanguageVersion.CSharp13;

    /// <summary>Everything that is in the way, at the class or one around it.</summary>
    public static IEnumerable<(SpecRule Rule, Location? Location, string Message)> Of(INamedTypeSymbol type, ModelSpec spec, Compilation compilation)
    {
        var place = ProblemPlace.Class(type);
        if (!SpecReader.HasArchitecture(spec))
        {
            var problem = CompilerPipeline.Check(spec).Single(static p => p.Rule == Rules.NoArchitecture);
            yield return (problem.Rule, place, problem.Message);
        }

        if (Kind(type) is { } kind)
        {
            yield return (Rules.ClassKind, place, $"'{type.Name}' {kind}; a model is a plain class: declare it as 'partial class {type.Name}'");
        }
        else if (!IsPartial(type))
        {
            yield return (Rules.NotPartial, place, $"'{type.Name}' must be partial, because the emitted code continues it: declare it as 'partial class {type.Name}'");
        }

        for (var at = type.ContainingType; at is not null; at = at.ContainingType)
        {
            if (at.TypeParameters.Length > 0 || at.IsFileLocal)
            {
                yield return (Rules.ClassKind, place, $"'{type.Name}' is within '{at.Name}', which is {(at.IsFileLocal ? "local to its file" : "generic")}; a model is a plain class: move it out of '{at.Name}'");
            }
            else if (!IsPartial(at))
            {
                yield return (Rules.NotPartial, ProblemPlace.Class(at), $"'{at.Name}' must be partial, because the emitted code continues '{type.Name}' within it: add 'partial' to '{at.Name}'");
            }
        }

        if (compilation.Options is CSharpCompilationOptions { AllowUnsafe: false })
        {
            yield return (Rules.UnsafeNotAllowed, place, $"'{type.Name}' compiles to kernels that work on pointers: set <AllowUnsafeBlocks>true</AllowUnsafeBlocks> in the project file");
        }

        if (compilation is CSharpCompilation { LanguageVersion: < Emitted and var version })
        {
            yield return (Rules.OldLanguage, place, $"'{type.Name}' compiles to C# {Emitted.ToDisplayString()}, but the project has C# {version.ToDisplayString()}: set <LangVersion>{Emitted.ToDisplayString()}</LangVersion> in the project file, or remove it");
        }
    }

    private static string? Kind(INamedTypeSymbol type) =>
        type.IsRecord ? "is a record"
        : type.IsStatic ? "is static"
        : type.IsAbstract ? "is abstract"
        : type.TypeParameters.Length > 0 ? "is generic"
        : type.IsFileLocal ? "is local to its file"
        : null;

    private static bool IsPartial(INamedTypeSymbol type) => type.DeclaringSyntaxReferences
        .All(static r => r.GetSyntax() is not TypeDeclarationSyntax d || d.Modifiers.Any(SyntaxKind.PartialKeyword));
}
