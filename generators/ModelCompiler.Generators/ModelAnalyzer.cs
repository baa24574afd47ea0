using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Generators;

/// <summary>Reports what is wrong with annotated classes, at the argument that is wrong. What leaves a class without types that others may name is the generator's to say.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ModelAnalyzer : DiagnosticAnalyzer
{
    private readonly Func<ModelSpec, EquatableArray<SpecProblem>> _check;

    public ModelAnalyzer()
        : this(CompilerPipeline.Check)
    {
    }

    /// <summary>With other rules: how a test makes some that fail.</summary>
    internal ModelAnalyzer(Func<ModelSpec, EquatableArray<SpecProblem>> check) => _check = check;

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. Descriptors.All];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();

        // A class in a generated file is a model like others: that it has no code must not go unsaid.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        var found = Outcome.Of(type.Name, () => Find(type, context.Compilation, ProjectFiles.Of(context.Options)).ToArray());
        foreach (var (rule, location, message) in found.Value ?? [(Rules.InternalError, ProblemPlace.Class(type), found.Failure!)])
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.Of(rule), location, message));
        }
    }

    private IEnumerable<(SpecRule Rule, Location? Location, string Message)> Find(INamedTypeSymbol type, Compilation compilation, ProjectFiles files)
    {
        if (SpecReader.Read(type) is not { } read)
        {
            yield break;
        }

        var spec = files.AddTo(read);
        var problems = _check(spec);
        foreach (var problem in problems.Where(p => p.Rule != Rules.NoArchitecture && !IsUnreadable(spec, p)))
        {
            yield return (problem.Rule, ProblemPlace.Of(type, problem), problem.Message);
        }

        foreach (var clash in MemberRules.Of(type, problems.Count > 0 ? EmittedMembers.OfAny : EmittedMembers.Of(spec)))
        {
            yield return clash;
        }

        foreach (var nearer in HiddenTypes.By(type, compilation))
        {
            yield return (Rules.HiddenType, ProblemPlace.Class(type), $"'{nearer.ToDisplayString()}' hides the type '{nearer.Name}' that the emitted code of '{type.Name}' uses: rename it, or move '{type.Name}' to where it is not in sight");
        }
    }

    // C# has said already what is wrong with it.
    private static bool IsUnreadable(ModelSpec spec, SpecProblem problem) =>
        spec.Attributes.Any(a => a.Name == problem.Attribute && (a.Arguments.Any(x => x.Name == problem.Argument && x.Value is SpecValue.Unreadable) || (problem.Rule == Rules.NotATower && a.TypeArguments.Count == 0)));
}
