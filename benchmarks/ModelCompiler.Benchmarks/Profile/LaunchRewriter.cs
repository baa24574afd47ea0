using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ModelCompiler.Benchmarks.Profile;

/// <summary>
/// Puts a clock around every launch of emitted code: <c>XKernel.Run(Context, ...);</c> in a program is timed under its name, and the
/// call inside a kernel that does the work says what kind it is. The emitted code itself knows nothing of clocks.
/// </summary>
internal sealed class LaunchRewriter : CSharpSyntaxRewriter
{
    private const string Clock = "global::ModelCompiler.Benchmarks.Profile.KernelClock";

    /// <summary>Launches that were found.</summary>
    public int Launches { get; private set; }

    public override SyntaxNode? VisitExpressionStatement(ExpressionStatementSyntax node)
    {
        if (node.Expression is not InvocationExpressionSyntax call
            || call.Expression is not MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: var type }, Name.Identifier.Text: var method })
        {
            return node;
        }

        var first = call.ArgumentList.Arguments.FirstOrDefault()?.ToString();
        return (type, method, first) switch
        {
            (_, "Run", "Context") => Launch(node, type),
            ("Gemm", "Run", _) => Block($"{Clock}.Product({call.ArgumentList.Arguments[1]}); {node}"),
            ("Attention", "Forward" or "Backward", _) => Block($"{Clock}.Attention(); {node}"),
            _ => node,
        };
    }

    private StatementSyntax Launch(ExpressionStatementSyntax node, string kernel)
    {
        Launches++;
        return Block($"var launched = {Clock}.Start(); {node} {Clock}.Stop(\"{kernel}\", launched);");
    }

    private static StatementSyntax Block(string statements) => SyntaxFactory.ParseStatement($"{{ {statements}\n}}\n");
}
