using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Generators;

/// <summary>What a class may not have of its own, because emitted code adds it.</summary>
internal static class MemberRules
{
    /// <param name="emitted">Names that emitted code adds.</param>
    public static IEnumerable<(SpecRule Rule, Location? Location, string Message)> Of(INamedTypeSymbol type, IReadOnlyList<string> emitted)
    {
        if (emitted.Contains(type.Name))
        {
            yield return (Rules.MemberExists, ProblemPlace.Class(type), $"'{type.Name}' is the name of a member that the emitted code adds to the class: rename the class, for example to '{type.Name}Model'");
        }

        foreach (var member in type.GetMembers().Where(m => !m.IsImplicitlyDeclared && emitted.Contains(m.Name)))
        {
            if (Written(member) is { } location)
            {
                yield return (Rules.MemberExists, location, $"'{member.Name}' is a member that the emitted code adds to '{type.Name}': rename yours, for example to '{type.Name}{member.Name}'");
            }
        }

        for (var at = type.BaseType; at is not null; at = at.BaseType)
        {
            foreach (var name in at.GetMembers().Where(static m => m.DeclaredAccessibility != Accessibility.Private).Select(static m => m.Name).Where(emitted.Contains).Distinct())
            {
                yield return (Rules.MemberExists, ProblemPlace.Class(type), $"'{name}' is a member that the emitted code adds to '{type.Name}', and the base class '{at.Name}' has one: rename that of '{at.Name}'");
            }
        }

        foreach (var constructor in type.InstanceConstructors.Where(static c => !c.IsImplicitlyDeclared && !CallsAnother(c)))
        {
            if (Written(constructor) is { } location)
            {
                yield return (Rules.SkipsConstructor, location, $"this constructor of '{type.Name}' does not call the emitted one, which makes the model: let it call ': this(device, seed)', for example ': this(null, 0)'");
            }
        }
    }

    private static bool CallsAnother(IMethodSymbol constructor) =>
        constructor.DeclaringSyntaxReferences.Any(static r => r.GetSyntax() is ConstructorDeclarationSyntax { Initializer.RawKind: (int)SyntaxKind.ThisConstructorInitializer });

    // Where the user wrote a symbol; null where only emitted code has it.
    private static Location? Written(ISymbol symbol) => symbol.Locations.FirstOrDefault(static l => l.SourceTree is { } tree && !tree.FilePath.Contains(typeof(ModelGenerator).FullName));
}
