using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Generators;

/// <summary>
/// Emits the code of every annotated class. What is wrong with a class is mostly the analyzer's to say, and the generator emits a
/// skeleton for it, so that the analyzer is asked at all. It says itself why a type that others may name is missing.
/// </summary>
[Generator]
public sealed class ModelGenerator : IIncrementalGenerator
{
    /// <summary>Names of the tracked steps, in order.</summary>
    public const string ReadStep = "Read", SpecStep = "Spec", FilesStep = "Files";

    private readonly Func<ModelSpec, CancellationToken, CompileResult> _compile;

    public ModelGenerator()
        : this(CompilerPipeline.Compile)
    {
    }

    /// <summary>With another compiler: how a test makes one that fails.</summary>
    internal ModelGenerator(Func<ModelSpec, CancellationToken, CompileResult> compile) => _compile = compile;

    // A pipeline for each attribute, because Roslyn finds attributes fast by name alone.
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var project = ProjectFiles.Of(context);
        foreach (var attribute in AttributeBinder.Types)
        {
            var readings = context.SyntaxProvider
                .ForAttributeWithMetadataName(attribute.FullName!, static (node, _) => node is TypeDeclarationSyntax, static (c, cancel) => Read(c, cancel))
                .Where(static r => r is not null)
                .WithTrackingName(ReadStep);
            var specs = readings.Where(static r => r!.Value is not { Spec: null })
                .Combine(project)
                .Select(static (pair, cancel) => pair.Left!.Then(r => pair.Right.AddTo(r.Narrowed(), cancel)))
                .WithTrackingName(SpecStep);
            var files = specs.Select((spec, cancel) => spec.Then(s => _compile(s, cancel))).WithTrackingName(FilesStep);
            context.RegisterSourceOutput(files, static (c, result) => Emit(c, result));

            // Complaints are rare, and theirs is the only output that an edit anywhere makes anew.
            var complaints = readings.SelectMany(static (reading, _) => reading!.Value?.Complaints ?? default);
            context.RegisterSourceOutput(complaints.Combine(context.CompilationProvider), static (c, pair) => c.ReportDiagnostic(pair.Left.In(pair.Right)));
        }
    }

    // A class may have several attributes in several declarations: one stands for all.
    private static Outcome<Reading>? Read(GeneratorAttributeSyntaxContext context, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var type = (INamedTypeSymbol)context.TargetSymbol;
        return context.Attributes.Contains(SpecReader.Foremost(type)!) ? Outcome.Of(type.Name, () => Reading.Of(type, context.SemanticModel.Compilation)) : null;
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
