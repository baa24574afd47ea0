using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ModelCompiler.Numerics.Tests;

/// <summary>What the C# of kernels must not have: what ILGPU refuses, compiles wrongly or slowly.</summary>
internal static class SourceRules
{
    // How types end that kernels get; the host hands them on by reference.
    private static readonly string[] s_arguments = ["Arguments", "Work", "Tokens", "Rows"];

    // Wrong in ILGPU, refused by it, or different from device to device; formulas have their own functions.
    private static readonly string[] s_functions =
        ["FusedMultiplyAdd", "CopySign", "Clamp", "Tanh", "Pow", "Exp", "Log", "Sin", "Cos", "Min", "Max", "Round", "Floor", "Ceiling"];

    // Adding one and taking it away again rounds, which ILGPU leaves out.
    private const float LeastThatRounds = 1 << 22;

    /// <summary>What is wrong with a file, with the line; nothing: all is well.</summary>
    public static IReadOnlyList<string> Broken(string text)
    {
        var file = CSharpSyntaxTree.ParseText(text).GetRoot();
        var constants = new NamedConstants(file);
        return [.. Methods(file).Where(IsOfKernel).SelectMany(m => Broken(m, constants)).Select(static b => $"{b.At.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {b.What}: {b.At}")];
    }

    /// <summary>The methods that the rules are for, with their types: <c>Contrast.Reduce</c>.</summary>
    public static IEnumerable<string> Seen(string text) => Methods(CSharpSyntaxTree.ParseText(text).GetRoot()).Where(IsOfKernel).Select(m => $"{TypeOf(m)}.{m.Identifier.Text}");

    /// <summary>The methods that a file gives to launches, with their types: the first argument, of some the second too.</summary>
    public static IEnumerable<string> Launched(string text) => CSharpSyntaxTree.ParseText(text).GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
        .Where(static i => i.Expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "context" }, Name.Identifier.Text: "Launch" })
        .SelectMany(static i => i.ArgumentList.Arguments.Take(2)).Select(static a => a.Expression switch
        {
            SimpleNameSyntax name when char.IsUpper(name.Identifier.Text[0]) => $"{TypeOf(name)}.{name.Identifier.Text}",
            MemberAccessExpressionSyntax { Expression: SimpleNameSyntax type, Name: GenericNameSyntax name } => $"{type.Identifier.Text}.{name.Identifier.Text}",
            _ => "",
        }).Where(static name => name.Length > 0);

    private static IEnumerable<MethodDeclarationSyntax> Methods(SyntaxNode file) => file.DescendantNodes().OfType<MethodDeclarationSyntax>();

    private static string TypeOf(SyntaxNode node) => node.FirstAncestorOrSelf<TypeDeclarationSyntax>()!.Identifier.Text;

    // Where a kernel begins, what it hands its arguments to, an epilogue, or what is inlined into them.
    private static bool IsOfKernel(MethodDeclarationSyntax method) => method.Identifier.Text == "Apply"
        || method.AttributeLists.ToString().Contains("AggressiveInlining", StringComparison.Ordinal)
        || (method.ParameterList.Parameters is [{ Modifiers.Count: 0, Type: SimpleNameSyntax { Identifier.Text: var type } }, ..]
            && (type.StartsWith("Arguments", StringComparison.Ordinal) || s_arguments.Any(a => type.EndsWith(a, StringComparison.Ordinal))));

    private static IEnumerable<(SyntaxNode At, string What)> Broken(MethodDeclarationSyntax method, NamedConstants constants)
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
            else if (IsShift(node, constants))
            {
                yield return (node, "a division that becomes an arithmetic shift");
            }
        }

        foreach (var broken in Places(method).Concat(GuardedDivisions.In(method).Select(static d => (d, "a division whose divisor a condition keeps from zero"))))
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
        GenericNameSyntax { Identifier.Text: "Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory" } => "a span",
        LocalFunctionStatementSyntax local when !local.Modifiers.Any(SyntaxKind.StaticKeyword) => "a function that may capture",
        IdentifierNameSyntax { Identifier.Text: var name } when name.StartsWith("s_", StringComparison.Ordinal) => "a static field",
        IdentifierNameSyntax { Identifier.Text: "CudaAsm" } => "an instruction by its text, whose results lie in memory beside copies",
        IdentifierNameSyntax { Identifier.Text: "LocalMemory" } => "an array, which lies in memory",
        GenericNameSyntax { Identifier.Text: "SpecializedValue" } => "a value for which each launch may compile anew",
        LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } or InterpolatedStringExpressionSyntax => "a string",
        SwitchExpressionSyntax s when !s.Arms.Any(static a => a.Pattern is DiscardPatternSyntax) => "a switch that throws when no arm fits",
        _ => null,
    };

    private static string? Wrong(SyntaxNode node) => node switch
    {
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression or (int)SyntaxKind.SubtractExpression } sum when IsLarge(sum.Left) || IsLarge(sum.Right) => "a sum that rounds, with a constant that may go",
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "SubView" or "GetDynamic" } } view when !IsAligned(view) => "a view that is read one element at a time",
        IdentifierNameSyntax { Identifier.Text: "Half" } type when type.Parent is not MemberAccessExpressionSyntax member || member.Name != type => "numbers that OpenCL may not have",
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "XMath" } } => "a function that differs from device to device, or is wrong",
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "Math" } } => "arithmetic in double",
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "MathF" } } m when s_functions.Contains(m.Name.Identifier.Text) => "a function that differs from device to device, or is wrong",
        PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.DoubleKeyword or (int)SyntaxKind.DecimalKeyword } => "arithmetic in double",
        LiteralExpressionSyntax { Token.Value: double } => "arithmetic in double",
        _ => null,
    };

    // Of two constants C# itself makes one.
    private static bool IsShift(SyntaxNode node, NamedConstants constants) => node switch
    {
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.DivideExpression } n => constants.Values(n.Right).Any(long.IsPow2) && !constants.Values(n.Left).Any(),
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.DivideAssignmentExpression } n => constants.Values(n.Right).Any(long.IsPow2),
        _ => false,
    };

    private static bool IsLarge(ExpressionSyntax term) => term switch
    {
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } minus => IsLarge(minus.Operand),
        LiteralExpressionSyntax { Token.Value: float value } => value >= LeastThatRounds,
        _ => false,
    };

    // Of a part of a view ILGPU does not know where it begins.
    private static bool IsAligned(InvocationExpressionSyntax view) => view.Parent is MemberAccessExpressionSyntax { Name.Identifier.Text: "AsAligned", Parent: InvocationExpressionSyntax };

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
