using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Generators;

/// <summary>Reads annotated classes: the only place where symbols become the compiler's own data.</summary>
internal static class SpecReader
{
    private const string AttributeAssembly = "ModelCompiler.Abstractions";

    /// <summary>The class with its attributes; null where none of them is ours. Half-written arguments are left out.</summary>
    public static ModelSpec? Read(INamedTypeSymbol type) => Read(type, new HashSet<ISymbol>(SymbolEqualityComparer.Default));

    /// <summary>Whether an attribute is one of the model vocabulary.</summary>
    public static bool IsOurs(AttributeData attribute) => attribute.AttributeClass is { TypeKind: TypeKind.Class, ContainingAssembly.Name: AttributeAssembly };

    /// <summary>Why emitted code could not continue the class; null where it can.</summary>
    public static (SpecRule Rule, string Message)? Obstacle(INamedTypeSymbol type)
    {
        if (type.IsRecord || type.IsStatic || type.IsAbstract || type.IsGenericType || type.IsFileLocal || type.TypeKind != TypeKind.Class)
        {
            var kind = type.IsRecord ? "a record" : type.IsStatic ? "static" : type.IsAbstract ? "abstract" : type.IsGenericType ? "generic" : type.IsFileLocal ? "local to its file" : "no class";
            return (Rules.ClassKind, $"'{type.Name}' is {kind}; a model is a plain class: declare it as 'partial class {type.Name}'");
        }

        for (var at = type; at is not null; at = at.ContainingType)
        {
            if (!IsPartial(at))
            {
                return (Rules.NotPartial, at.Equals(type, SymbolEqualityComparer.Default)
                    ? $"'{type.Name}' must be partial, because the emitted code continues it: declare it as 'partial class {type.Name}'"
                    : $"'{at.Name}' must be partial, because the emitted code continues '{type.Name}' within it");
            }
        }

        return null;
    }

    private static ModelSpec? Read(INamedTypeSymbol type, HashSet<ISymbol> open)
    {
        var attributes = type.GetAttributes().Where(IsOurs).ToArray();
        if (attributes.Length == 0 || open.Contains(type))
        {
            return null;
        }

        var inside = new HashSet<ISymbol>(open, SymbolEqualityComparer.Default) { type };
        return new ModelSpec(Type(type), new(attributes.Select(a => Attribute(a, inside))));
    }

    private static TypeSpec Type(INamedTypeSymbol type)
    {
        var containers = new List<string>();
        for (var at = type.ContainingType; at is not null; at = at.ContainingType)
        {
            containers.Insert(0, $"partial {(at.IsRecord ? at.IsValueType ? "record struct" : "record" : at.IsValueType ? "struct" : at.TypeKind == TypeKind.Interface ? "interface" : "class")} {at.Name}");
        }

        var space = type.ContainingNamespace is { IsGlobalNamespace: false } n ? n.ToDisplayString() : "";
        return new TypeSpec(space, new(containers), type.Name, type.DeclaredAccessibility == Accessibility.Public ? "public" : "internal");
    }

    private static AttributeSpec Attribute(AttributeData attribute, HashSet<ISymbol> open)
    {
        var name = attribute.AttributeClass!.Name;
        var arguments = new List<ArgumentSpec>();
        for (var i = 0; i < attribute.ConstructorArguments.Length && i < attribute.AttributeConstructor?.Parameters.Length; i++)
        {
            Add(attribute.AttributeConstructor.Parameters[i].Name, attribute.ConstructorArguments[i]);
        }

        foreach (var argument in attribute.NamedArguments)
        {
            Add(argument.Key, argument.Value);
        }

        var models = attribute.AttributeClass.TypeArguments.OfType<INamedTypeSymbol>().Select(t => Read(t, open)).OfType<ModelSpec>();
        return new AttributeSpec(name.EndsWith("Attribute", StringComparison.Ordinal) ? name.Substring(0, name.Length - 9) : name, new(arguments), new(models));

        void Add(string argument, TypedConstant value)
        {
            if (Value(value) is { } spec)
            {
                arguments.Add(new ArgumentSpec(argument, spec));
            }
        }
    }

    private static SpecValue? Value(TypedConstant constant) => constant.Kind switch
    {
        TypedConstantKind.Array => constant.Values.IsDefault ? null : new SpecValue.List(new(constant.Values.Select(Value).OfType<SpecValue>())),
        TypedConstantKind.Primitive or TypedConstantKind.Enum => constant.Value switch
        {
            bool b => new SpecValue.Flag(b),
            string s => new SpecValue.Text(s),
            double d => new SpecValue.Real(d),
            float f => new SpecValue.Real(f),
            byte or sbyte or short or ushort or int or uint or long => new SpecValue.Integer(Convert.ToInt64(constant.Value)),
            _ => null,
        },
        _ => null,
    };

    private static bool IsPartial(INamedTypeSymbol type) => type.DeclaringSyntaxReferences
        .All(static r => r.GetSyntax() is not TypeDeclarationSyntax d || d.Modifiers.Any(static m => m.ValueText == "partial"));
}
