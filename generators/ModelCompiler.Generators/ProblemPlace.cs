using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Generators;

/// <summary>Finds what a problem points at.</summary>
internal static class ProblemPlace
{
    /// <summary>The name of the class.</summary>
    public static Location? Class(INamedTypeSymbol type) => type.Locations.FirstOrDefault();

    /// <summary>The written value of the argument; where it is not written the name of the attribute, and where that is not the name of the class.</summary>
    public static Location? Of(INamedTypeSymbol type, SpecProblem problem)
    {
        var (data, syntax) = type.GetAttributes().Where(SpecReader.IsOurs).Where(a => SpecReader.NameOf(a) == problem.Attribute)
            .Select(static a => (Data: a, Syntax: a.ApplicationSyntaxReference?.GetSyntax() as AttributeSyntax))
            .FirstOrDefault(static a => a.Syntax is not null);
        return syntax is null ? Class(type) : (TypeArgument(data, syntax, problem) ?? Argument(data, syntax, problem) ?? (CSharpSyntaxNode)syntax.Name).GetLocation();
    }

    private static CSharpSyntaxNode? TypeArgument(AttributeData data, AttributeSyntax syntax, SpecProblem problem)
    {
        var index = data.AttributeClass?.TypeParameters.ToList().FindIndex(p => p.Name == problem.Argument) ?? -1;
        return index < 0 ? null : syntax.Name.DescendantNodesAndSelf().OfType<GenericNameSyntax>().LastOrDefault(static n => n.TypeArgumentList.Arguments.Count > 0 && n.Parent is AttributeSyntax or QualifiedNameSyntax or AliasQualifiedNameSyntax)?.TypeArgumentList.Arguments.ElementAtOrDefault(index);
    }

    private static ExpressionSyntax? Argument(AttributeData data, AttributeSyntax syntax, SpecProblem problem)
    {
        var arguments = syntax.ArgumentList?.Arguments ?? default;
        if (arguments.FirstOrDefault(a => (a.NameEquals?.Name ?? a.NameColon?.Name)?.Identifier.ValueText == problem.Argument) is { } named)
        {
            return Item(named.Expression, problem.Item);
        }

        var index = data.AttributeConstructor?.Parameters.ToList().FindIndex(p => p.Name == problem.Argument) ?? -1;
        var positional = arguments.Where(static a => a.NameEquals is null && a.NameColon is null).Skip(Math.Max(index, 0)).Select(static a => a.Expression).ToArray();
        return index < 0 || positional.Length == 0 ? null
            : positional.Length > problem.Item && problem.Item > 0 ? positional[problem.Item]
            : Item(positional[0], problem.Item);
    }

    // A list may be written as one array.
    private static ExpressionSyntax Item(ExpressionSyntax written, int item) => written switch
    {
        ArrayCreationExpressionSyntax { Initializer: { } i } when item < i.Expressions.Count => i.Expressions[item],
        ImplicitArrayCreationExpressionSyntax a when item < a.Initializer.Expressions.Count => a.Initializer.Expressions[item],
        CollectionExpressionSyntax c when item < c.Elements.Count && c.Elements[item] is ExpressionElementSyntax e => e.Expression,
        _ => written,
    };
}
