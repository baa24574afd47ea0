using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ModelCompiler.Numerics.Tests;

/// <summary>What the C# of kernels must not have: what ILGPU refuses, compiles wrongly or slowly.</summary>
internal static class SourceRules
{
    private static readonly string[] s_arguments = ["Arguments", "AttentionWork"];

    // Wrong in ILGPU, refused by it, or different from device to device; formulas have their own functions.
    private static readonly string[] s_functions =
        ["FusedMultiplyAdd", "CopySign", "Clamp", "Tanh", "Pow", "Exp", "Log", "Sin", "Cos", "Min", "Max", "Round", "Floor", "Ceiling"];

    /// <summary>What is wrong with a file, with the line; nothing: all is well.</summary>
    public static IReadOnlyList<string> Broken(string text) => [.. CSharpSyntaxTree.ParseText(text).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
        .Where(IsOfKernel).SelectMany(Broken).Select(static b => $"{b.At.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {b.What}: {b.At}")];

    // Where a kernel begins, an epilogue, or what is inlined into them.
    private static bool IsOfKernel(MethodDeclarationSyntax method) => method.Identifier.Text == "Apply"
        || method.AttributeLists.ToString().Contains("AggressiveInlining", StringComparison.Ordinal)
        || (method.ReturnType.ToString() == "void" && method.ParameterList.Parameters is [{ Type: { } type }] && s_arguments.Any(a => type.ToString().StartsWith(a, StringComparison.Ordinal)));

    private static IEnumerable<(SyntaxNode At, string What)> Broken(MethodDeclarationSyntax method)
    {
        foreach (var node in method.DescendantNodes())
        {
            if (Refused(node) is { } refused)
            {
                yield return (node, refused);
            }
            else if (Wrong(node) is { } wrong)
            {
                yield return (node, wrong);
            }
        }

        foreach (var broken in Places(method))
        {
            yield return broken;
        }
    }

    private static string? Refused(SyntaxNode node) => node switch
    {
        AnonymousFunctionExpressionSyntax => "a lambda",
        ThrowStatementSyntax or ThrowExpressionSyntax => "a throw",
        TryStatementSyntax or UsingStatementSyntax or LockStatementSyntax => "a block with an end of its own",
        StackAllocArrayCreationExpressionSyntax or ImplicitStackAllocArrayCreationExpressionSyntax or ArrayCreationExpressionSyntax or ImplicitArrayCreationExpressionSyntax
            or CollectionExpressionSyntax => "an array, which lies in memory",
        PointerTypeSyntax or FixedStatementSyntax => "a pointer",
        ForEachStatementSyntax => "an enumerator",
        LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } or InterpolatedStringExpressionSyntax => "a string",
        SwitchExpressionSyntax s when !s.Arms.Any(static a => a.Pattern is DiscardPatternSyntax) => "a switch that throws when no arm fits",
        _ => null,
    };

    private static string? Wrong(SyntaxNode node) => node switch
    {
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.DivideExpression, Right: LiteralExpressionSyntax { Token.Value: int n } } when int.IsPow2(n) => "a division that becomes an arithmetic shift",
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "Math" } } => "arithmetic in double",
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "MathF" } } m when s_functions.Contains(m.Name.Identifier.Text) => "a function that differs from device to device, or is wrong",
        PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.DoubleKeyword or (int)SyntaxKind.DecimalKeyword } => "arithmetic in double",
        LiteralExpressionSyntax { Token.Value: double } => "arithmetic in double",
        _ => null,
    };

    // Each read of a place costs the simulator dearly, and in a loop most of its time: once, in a local at the top.
    private static IEnumerable<(SyntaxNode At, string What)> Places(MethodDeclarationSyntax method)
    {
        var places = method.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
            .Where(static m => m.Expression is IdentifierNameSyntax { Identifier.Text: "Group" or "Grid" or "Warp" } && m.Parent is not InvocationExpressionSyntax).ToArray();
        return places.Where(p => !IsOfTop(p.FirstAncestorOrSelf<StatementSyntax>(), method)).Select(static p => ((SyntaxNode)p, "a place that is not read into a local at the top"))
            .Concat(places.GroupBy(static p => p.ToString()).SelectMany(static g => g.Skip(1)).Select(static p => ((SyntaxNode)p, "a place that is read twice")));
    }

    private static bool IsOfTop(StatementSyntax? statement, MethodDeclarationSyntax method) => statement?.Parent == method.Body
        && statement is LocalDeclarationStatementSyntax or ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: DeclarationExpressionSyntax } };
}
