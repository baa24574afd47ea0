using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Generators;

/// <summary>Emits the code of every annotated class. What is wrong with a class is the analyzer's to say; the generator emits nothing for it.</summary>
[Generator]
public sealed class ModelGenerator : IIncrementalGenerator
{
    /// <summary>Names of the tracked steps, in order.</summary>
    public const string SpecStep = "Spec", FilesStep = "Files";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var specs = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => node is ClassDeclarationSyntax { AttributeLists.Count: > 0 }, static (c, cancel) => Spec(c, cancel))
            .Where(static s => s is not null)
            .WithTrackingName(SpecStep);
        var allowsUnsafe = context.CompilationProvider.Select(static (c, _) => c.Options is CSharpCompilationOptions { AllowUnsafe: true });
        var results = specs.Combine(allowsUnsafe)
            .Select(static (x, _) => x.Right ? Compile(x.Left!) : new GeneratedModel(default, null))
            .WithTrackingName(FilesStep);
        context.RegisterSourceOutput(results, static (c, result) =>
        {
            if (result.Failure is { } failure)
            {
                c.ReportDiagnostic(Diagnostic.Create(Descriptors.Of(Rules.InternalError), Location.None, failure));
            }

            foreach (var file in result.Files)
            {
                c.AddSource(file.HintName, SourceText.From(file.Text, Encoding.UTF8));
            }
        });
    }

    // A class may have several declarations: the first that carries an attribute of ours stands for all.
    private static ModelSpec? Spec(GeneratorSyntaxContext context, CancellationToken cancel)
    {
        if (context.SemanticModel.GetDeclaredSymbol(context.Node, cancel) is not INamedTypeSymbol type || SpecReader.Obstacle(type) is not null)
        {
            return null;
        }

        var first = type.GetAttributes().Where(SpecReader.IsOurs).Select(static a => a.ApplicationSyntaxReference?.GetSyntax().FirstAncestorOrSelf<ClassDeclarationSyntax>())
            .FirstOrDefault(static d => d is not null);
        return ReferenceEquals(first, context.Node) ? SpecReader.Read(type) : null;
    }

    private static GeneratedModel Compile(ModelSpec spec)
    {
        try
        {
            return new GeneratedModel(CompilerPipeline.Compile(spec).Files, null);
        }
#pragma warning disable CA1031 // Whatever goes wrong must not take the user's editor down.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new GeneratedModel(default, $"{spec.Type.FullName}: {e.GetType().Name}: {e.Message} ({e.TargetSite?.DeclaringType?.Name}.{e.TargetSite?.Name})");
        }
    }

    private sealed record GeneratedModel(EquatableArray<SourceFile> Files, string? Failure);
}
