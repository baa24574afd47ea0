using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelCompiler.Compiler;
using ModelCompiler.Generators.Tests.Diagnostics;
using ModelCompiler.Generators.Tests.Harness;
using static ModelCompiler.Generators.Tests.Harness.Models;

namespace ModelCompiler.Generators.Tests.Emission;

/// <summary>The types that must not be hidden are those that emitted code calls by name: none is forgotten, none is invented.</summary>
public sealed class EmittedTypeTests
{
    // Between them they use every kernel and every initializer.
    private static readonly string[] s_sources =
    [
        .. SnapshotModels.Sources.Values,
        Vit("ImageHeight = 12, PositionRows = 2, Initialization = Initialization.Xavier", ", FeatureRegression(Pooled = true), Sgd, LinearSchedule(Steps = 5)", "Resized"),
        "[DualEncoder<Waves, Waves>(Embedding = 4), Contrastive(ByIds = true), PairwiseSigmoid] public partial class Meets;",
        Gpt("Positions = Positions.Sinusoidal, Pooling = Pooling.Mean", ", Classification(Classes = 2)", "Waves"),
        Gpt("", ", CausalLanguageModel, MixedPrecision(Precision.BFloat16)", "Narrow"),
    ];

    [Fact]
    public void Emitted_code_calls_these_types_by_their_names_alone()
    {
        var (output, _) = InMemory.Generate(InMemory.GpuProject(s_sources));
        var called = output.SyntaxTrees.Skip(s_sources.Length).SelectMany(t => Called(output.GetSemanticModel(t))).ToHashSet();
        var known = EmittedTypes.Names.Concat(EmittedTypes.OfGpu).ToArray();
        var (forgotten, invented) = (called.Except(known).Order(StringComparer.Ordinal), known.Except(called));
        Assert.True(!forgotten.Any() && !invented.Any(), $"EmittedTypes.Names lacks \"{string.Join("\", \"", forgotten)}\" and has too many: {string.Join(", ", invented)}");
    }

    public static TheoryData<string> Hiding => new(Row.All.Where(static r => r.Id == "MC3007").Select(static r => r.Text));

    [Theory, MemberData(nameof(Hiding))]
    public void What_hides_a_type_does_break_emitted_code(string source)
    {
        var heedless = new ModelGenerator(static (spec, cancel) => CompilerPipeline.Compile(spec with { Type = spec.Type with { Taken = default } }, cancel));
        var (output, _) = InMemory.Generate(InMemory.Project(source), heedless);
        Assert.Contains(output.GetDiagnostics(TestContext.Current.CancellationToken), static d => d.Severity == DiagnosticSeverity.Error && d.Location.SourceTree!.FilePath.EndsWith(".g.cs", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Called(SemanticModel model) => model.SyntaxTree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<SimpleNameSyntax>()
        .Where(static n => n.Parent is not (AliasQualifiedNameSyntax or UsingDirectiveSyntax)
            && !(n.Parent is QualifiedNameSyntax q && q.Right == n) && !(n.Parent is MemberAccessExpressionSyntax m && m.Name == n))
        .Where(n => Type(model.GetSymbolInfo(n, TestContext.Current.CancellationToken).Symbol) is { ContainingType: null } t && t.Locations.All(static l => l.IsInMetadata) && Names(n.Identifier.ValueText, t))
        .Select(static n => n.Identifier.ValueText);

    // Not var and nint, which are no names.
    private static bool Names(string name, INamedTypeSymbol type) => type.Name == name || type.Name == name + "Attribute";

    // An attribute's name means its constructor.
    private static INamedTypeSymbol? Type(ISymbol? symbol) => symbol as INamedTypeSymbol ?? (symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } c ? c.ContainingType : null);
}
