using System.Text;
using Microsoft.CodeAnalysis;
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

    private readonly Func<ModelSpec, CancellationToken, CompileResult> _compile;

    public ModelGenerator()
        : this(CompilerPipeline.Compile)
    {
    }

    /// <summary>With another compiler: how a test makes one that fails.</summary>
    internal ModelGenerator(Func<ModelSpec, CancellationToken, CompileResult> compile) => _compile = compile;

    // A pipeline for each architecture attribute, because Roslyn finds attributes fast by name alone. A class with two is an error that emits nothing.
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        foreach (var architecture in AttributeBinder.Architectures)
        {
            var specs = context.SyntaxProvider
                .ForAttributeWithMetadataName(architecture.FullName!, static (node, _) => node is ClassDeclarationSyntax, static (c, cancel) => Spec(c, cancel))
                .Where(static s => s is not null)
                .WithTrackingName(SpecStep);
            var files = specs.Select((spec, cancel) => spec!.Then(s => _compile(s, cancel))).WithTrackingName(FilesStep);
            context.RegisterSourceOutput(files, static (c, result) => Emit(c, result));
        }
    }

    // A class may have several declarations: that of its first architecture stands for all.
    private static Outcome<ModelSpec>? Spec(GeneratorAttributeSyntaxContext context, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var (type, attribute) = ((INamedTypeSymbol)context.TargetSymbol, context.Attributes[0]);
        var first = type.GetAttributes().First(a => SymbolEqualityComparer.Default.Equals(a.AttributeClass, attribute.AttributeClass));
        return first == attribute && !Obstacles.Of(type, context.SemanticModel.Compilation).Any() ? Outcome.Of(type.Name, () => SpecReader.Read(type)!) : null;
    }

    private static void Emit(SourceProductionContext context, Outcome<CompileResult> result)
    {
        if (result.Failure is { } failure)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.Of(Rules.InternalError), Location.None, failure));
        }

        foreach (var file in result.Value?.Files ?? default)
        {
            context.AddSource(file.HintName, SourceText.From(file.Text, Encoding.UTF8));
        }
    }
}
