using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Generators;

/// <summary>What a class may not have of its own, because emitted code adds it.</summary>
internal static class MemberRules
{
    /// <summary>Every name that the class has: its own, those of its members, and those that it inherits.</summary>
    public static IEnumerable<string> Names(INamedTypeSymbol type) =>
    [
        type.Name,
        .. type.GetMembers().Where(static m => !m.IsImplicitlyDeclared && m is not IMethodSymbol { MethodKind: MethodKind.Constructor }).Select(static m => m.Name),
        .. Inherited(type).Select(static m => m.Name),
        .. type.InstanceConstructors.Where(static c => IsEmitted(c) || IsPrimary(c)).Select(static c => c.Name),
    ];

    /// <summary>Clashes with what every model has: the generator says them, because the types among it may be missing where others name them.</summary>
    public static IEnumerable<(SpecRule Rule, Location? Location, string Message)> OfAny(INamedTypeSymbol type)
    {
        foreach (var clash in Clashes(type, EmittedMembers.OfAny))
        {
            yield return clash;
        }

        foreach (var constructor in type.InstanceConstructors.Where(static c => IsEmitted(c)))
        {
            if (Written(constructor) is { } location)
            {
                yield return (Rules.MemberExists, location, $"a constructor with a device and a seed is what the emitted code adds to '{type.Name}': give yours other parameters");
            }
        }
    }

    /// <summary>Clashes with what only models like this have, and constructors that leave the emitted one out.</summary>
    /// <param name="emitted">Names that emitted code adds.</param>
    public static IEnumerable<(SpecRule Rule, Location? Location, string Message)> Of(INamedTypeSymbol type, IReadOnlyList<string> emitted)
    {
        foreach (var clash in Clashes(type, [.. emitted.Except(EmittedMembers.OfAny)]))
        {
            yield return clash;
        }

        foreach (var constructor in type.InstanceConstructors.Where(static c => !c.IsImplicitlyDeclared && !CallsAnother(c) && !IsEmitted(c)))
        {
            if (Written(constructor) is { } location)
            {
                yield return (Rules.SkipsConstructor, location, $"this constructor of '{type.Name}' does not call the emitted one, which makes the model: let it call ': this(device, seed)', for example ': this(null, 0)'");
            }
        }
    }

    private static IEnumerable<(SpecRule Rule, Location? Location, string Message)> Clashes(INamedTypeSymbol type, IReadOnlyList<string> emitted)
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

        foreach (var (name, at) in Inherited(type).Where(m => emitted.Contains(m.Name)).Select(static m => (m.Name, m.ContainingType.Name)).Distinct())
        {
            yield return (Rules.MemberExists, ProblemPlace.Class(type), $"'{name}' is a member that the emitted code adds to '{type.Name}', and the base class '{at}' has one: rename that of '{at}'");
        }
    }

    private static IEnumerable<ISymbol> Inherited(INamedTypeSymbol type)
    {
        for (var at = type.BaseType; at is { SpecialType: not SpecialType.System_Object }; at = at.BaseType)
        {
            foreach (var member in at.GetMembers().Where(static m => m.DeclaredAccessibility != Accessibility.Private && m is not IMethodSymbol { MethodKind: MethodKind.Constructor }))
            {
                yield return member;
            }
        }
    }

    // Takes what the emitted one takes.
    private static bool IsEmitted(IMethodSymbol constructor) =>
        constructor.Parameters is [{ RefKind: RefKind.None, Type: { Name: "Device", ContainingAssembly.Name: "ModelCompiler.Runtime" } }, { RefKind: RefKind.None, Type.SpecialType: SpecialType.System_UInt64 }];

    private static bool IsPrimary(IMethodSymbol constructor) => constructor.DeclaringSyntaxReferences.Any(static r => r.GetSyntax() is TypeDeclarationSyntax);

    private static bool CallsAnother(IMethodSymbol constructor) =>
        constructor.DeclaringSyntaxReferences.Any(static r => r.GetSyntax() is ConstructorDeclarationSyntax { Initializer.RawKind: (int)SyntaxKind.ThisConstructorInitializer });

    // Where the user wrote a symbol; null where only emitted code has it.
    private static Location? Written(ISymbol symbol) => symbol.Locations.FirstOrDefault(static l => l.SourceTree is { } tree && !tree.FilePath.Contains(typeof(ModelGenerator).FullName));
}
