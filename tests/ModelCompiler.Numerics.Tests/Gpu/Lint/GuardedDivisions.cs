using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Divisions of integers that a condition keeps from a divisor of zero: ILGPU may compute them before it, which stops a CPU that runs OpenCL.</summary>
internal static class GuardedDivisions
{
    public static IEnumerable<SyntaxNode> In(MethodDeclarationSyntax method) =>
        from node in method.DescendantNodes()
        let divisor = Divisor(node)
        where divisor is not null && Conditions(node, method).Any(c => c.DescendantNodesAndSelf().Any(test => IsOfZero(test, divisor)))
        select node;

    private static ExpressionSyntax? Divisor(SyntaxNode node) => node switch
    {
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.DivideExpression or (int)SyntaxKind.ModuloExpression } division => division.Right,
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.DivideAssignmentExpression or (int)SyntaxKind.ModuloAssignmentExpression } division => division.Right,
        _ => null,
    };

    // Those that are decided before a node is reached.
    private static IEnumerable<ExpressionSyntax> Conditions(SyntaxNode node, SyntaxNode method)
    {
        for (var at = node; at != method; at = at.Parent!)
        {
            switch (at.Parent)
            {
                case IfStatementSyntax one when one.Condition != at:
                    yield return one.Condition;
                    break;
                case ConditionalExpressionSyntax one when one.Condition != at:
                    yield return one.Condition;
                    break;
                case WhileStatementSyntax one when one.Condition != at:
                    yield return one.Condition;
                    break;
                case ForStatementSyntax { Condition: { } condition } when condition != at:
                    yield return condition;
                    break;
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression or (int)SyntaxKind.LogicalOrExpression } both when both.Right == at:
                    yield return both.Left;
                    break;
                case BlockSyntax block:
                    foreach (var before in block.Statements.TakeWhile(s => s != at).OfType<IfStatementSyntax>().Where(static s => Leaves(s.Statement)))
                    {
                        yield return before.Condition;
                    }

                    break;
            }
        }
    }

    private static bool Leaves(StatementSyntax statement) => statement switch
    {
        BlockSyntax { Statements: [.., var last] } => Leaves(last),
        ReturnStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax => true,
        _ => false,
    };

    // Of floats it is 0f: what divides them stops nothing.
    private static bool IsOfZero(SyntaxNode test, ExpressionSyntax divisor) => test is BinaryExpressionSyntax comparison
        && (IsZero(comparison.Right) ? comparison.Left : IsZero(comparison.Left) ? comparison.Right : null) is { } tested
        && divisor.DescendantNodesAndSelf().Any(d => SyntaxFactory.AreEquivalent(d, tested));

    private static bool IsZero(ExpressionSyntax expression) => expression is LiteralExpressionSyntax { Token.Value: 0 or 0u or 0L or 0UL };
}
