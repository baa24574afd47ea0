using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Integers that have a name in the C# of kernels: constants of a method, of its type, of the runtime's types, and properties that a type parameter stands for.</summary>
internal sealed class NamedConstants
{
    private const int MostNames = 4;
    private static readonly Lazy<ILookup<string, Named>> s_ofRuntime = new(static () => RuntimeSources.All.SelectMany(static f => Members(CSharpSyntaxTree.ParseText(f.Text).GetRoot())).ToLookup(static n => n.Name));
    private readonly ILookup<string, Named> _own;

    public NamedConstants(SyntaxNode file) => _own = Members(file).ToLookup(static n => n.Name);

    /// <summary>What an expression may be: nothing of one that is no constant, several where a type parameter stands for several types.</summary>
    public IEnumerable<long> Values(ExpressionSyntax expression) => Values(expression, MostNames);

    // Names are followed so far: a property may hand on the one of a type parameter, which has the same name.
    private IEnumerable<long> Values(ExpressionSyntax expression, int names) => expression switch
    {
        LiteralExpressionSyntax { Token.Value: int or uint or long } literal => [Convert.ToInt64(literal.Token.Value, CultureInfo.InvariantCulture)],
        LiteralExpressionSyntax { Token.Value: ulong value } => [unchecked((long)value)],
        ParenthesizedExpressionSyntax inner => Values(inner.Expression, names),
        CastExpressionSyntax { Type: PredefinedTypeSyntax { Keyword.Text: "int" or "uint" or "long" or "ulong" } } cast => Values(cast.Expression, names),
        BinaryExpressionSyntax both => from left in Values(both.Left, names) from right in Values(both.Right, names) from value in Both(both.Kind(), left, right) select value,
        IdentifierNameSyntax name when names > 0 => Find(name.Identifier.Text).Where(n => name.Ancestors().Contains(n.Owner)).SelectMany(n => Values(n.Value, names - 1)),
        MemberAccessExpressionSyntax { Expression: SimpleNameSyntax type } member when names > 0 => Members(type.Identifier.Text, member.Name.Identifier.Text).SelectMany(n => Values(n.Value, names - 1)),
        _ => [],
    };

    private static IEnumerable<long> Both(SyntaxKind kind, long left, long right) => kind switch
    {
        SyntaxKind.MultiplyExpression => [left * right],
        SyntaxKind.AddExpression => [left + right],
        SyntaxKind.SubtractExpression => [left - right],
        SyntaxKind.LeftShiftExpression => [left << (int)right],
        SyntaxKind.RightShiftExpression => [left >> (int)right],
        SyntaxKind.DivideExpression when right != 0 => [left / right],
        _ => [],
    };

    // A type that nobody declares is a parameter: whatever has a static property of that name may take its place.
    private IEnumerable<Named> Members(string type, string name)
    {
        var all = Find(name).Where(static n => n.Owner is TypeDeclarationSyntax).ToArray();
        var own = all.Where(n => ((TypeDeclarationSyntax)n.Owner).Identifier.Text == type).ToArray();
        return own.Length > 0 ? own : all.Where(n => n.IsProperty && type.StartsWith('T'));
    }

    private IEnumerable<Named> Find(string name) => _own[name].Concat(s_ofRuntime.Value[name]);

    private static IEnumerable<Named> Members(SyntaxNode file) => file.DescendantNodes().SelectMany(static IEnumerable<Named> (node) => node switch
    {
        FieldDeclarationSyntax field when field.Modifiers.Any(static m => m.IsKind(SyntaxKind.ConstKeyword) || m.IsKind(SyntaxKind.ReadOnlyKeyword)) => Of(field.Declaration, field.Parent!),
        LocalDeclarationStatementSyntax { IsConst: true } local => Of(local.Declaration, local.Parent!),
        PropertyDeclarationSyntax { ExpressionBody.Expression: var value, Parent: { } type } property when property.Modifiers.Any(SyntaxKind.StaticKeyword) => [new(property.Identifier.Text, value, type, true)],
        _ => [],
    });

    private static IEnumerable<Named> Of(VariableDeclarationSyntax declaration, SyntaxNode owner) =>
        declaration.Variables.Where(static v => v.Initializer is not null).Select(v => new Named(v.Identifier.Text, v.Initializer!.Value, owner, false));

    private sealed record Named(string Name, ExpressionSyntax Value, SyntaxNode Owner, bool IsProperty);
}
