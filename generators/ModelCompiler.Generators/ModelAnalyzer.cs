using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Generators;

/// <summary>Reports what is wrong with annotated classes, at the argument that is wrong.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ModelAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. Descriptors.All];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (SpecReader.Read(type) is not { } spec)
        {
            return;
        }

        if (SpecReader.Obstacle(type) is { } obstacle)
        {
            Report(obstacle.Rule, ClassLocation(type), obstacle.Message);
            return;
        }

        if (context.Options is not null && context.Compilation.Options is CSharpCompilationOptions { AllowUnsafe: false })
        {
            Report(Rules.UnsafeNotAllowed, ClassLocation(type), $"'{type.Name}' compiles to kernels that work on pointers: set <AllowUnsafeBlocks>true</AllowUnsafeBlocks> in the project file");
        }

        var problems = CompilerPipeline.Check(spec);
        var emitted = problems.Count > 0 ? CompilerPipeline.ReservedMembers : CompilerPipeline.MembersOf(spec);
        foreach (var member in type.GetMembers().Where(m => !m.IsImplicitlyDeclared && emitted.Contains(m.Name)))
        {
            if (member.Locations.FirstOrDefault(l => l.SourceTree is { } tree && !IsEmitted(tree)) is { } location)
            {
                Report(Rules.MemberExists, location, $"'{member.Name}' is a member that the emitted code adds: rename yours; the emitted ones are {string.Join(", ", emitted)}");
            }
        }

        foreach (var problem in problems)
        {
            Report(problem.Rule, LocationOf(type, problem), problem.Message);
        }

        void Report(SpecRule rule, Location? location, string message) => context.ReportDiagnostic(Diagnostic.Create(Descriptors.Of(rule), location, message));
    }

    private static bool IsEmitted(SyntaxTree tree) => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal);

    private static Location? ClassLocation(INamedTypeSymbol type) => type.Locations.FirstOrDefault();

    private static Location? LocationOf(INamedTypeSymbol type, SpecProblem problem)
    {
        var syntax = type.GetAttributes().Where(SpecReader.IsOurs)
            .Where(a => a.AttributeClass!.Name == problem.Attribute + "Attribute" || a.AttributeClass.Name == problem.Attribute)
            .Select(static a => (Data: a, Syntax: a.ApplicationSyntaxReference?.GetSyntax() as AttributeSyntax))
            .FirstOrDefault(static a => a.Syntax is not null);
        return syntax.Syntax is null ? ClassLocation(type) : Argument(syntax.Data, syntax.Syntax, problem)?.GetLocation() ?? syntax.Syntax.Name.GetLocation();
    }

    // The written value of an argument: by name, or by its place in the constructor; of a list, the item that the message names.
    private static ExpressionSyntax? Argument(AttributeData data, AttributeSyntax syntax, SpecProblem problem)
    {
        var arguments = syntax.ArgumentList?.Arguments ?? default;
        if (arguments.FirstOrDefault(a => a.NameEquals?.Name.Identifier.ValueText == problem.Argument || a.NameColon?.Name.Identifier.ValueText == problem.Argument) is { } named)
        {
            return named.Expression;
        }

        var index = data.AttributeConstructor?.Parameters.ToList().FindIndex(p => p.Name == problem.Argument) ?? -1;
        var positional = arguments.Where(static a => a.NameEquals is null && a.NameColon is null).Skip(Math.Max(index, 0)).ToArray();
        return index < 0 ? null
            : (positional.FirstOrDefault(a => a.Expression is LiteralExpressionSyntax { Token.Value: string s } && problem.Message.Contains($"'{s}'")) ?? positional.FirstOrDefault())?.Expression;
    }
}
