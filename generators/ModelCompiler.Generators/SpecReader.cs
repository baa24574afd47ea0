using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Generators;

/// <summary>Reads annotated classes: the only place where symbols become the compiler's own data.</summary>
internal static class SpecReader
{
    private const string AttributeAssembly = "ModelCompiler.Abstractions", GpuAssembly = "ModelCompiler.Gpu", Suffix = "Attribute";

    private static readonly HashSet<string> s_architectures = [.. AttributeBinder.Architectures.Select(AttributeBinder.NameOf)];

    private static readonly SymbolDisplayFormat s_space = SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted);

    /// <summary>The class with its attributes; null where none of them is ours.</summary>
    public static ModelSpec? Read(INamedTypeSymbol type) => Read(type, type.ContainingAssembly, new HashSet<ISymbol>(SymbolEqualityComparer.Default));

    /// <summary>Whether an attribute is one of the model vocabulary.</summary>
    public static bool IsOurs(AttributeData attribute) => attribute.AttributeClass is { TypeKind: TypeKind.Class, ContainingAssembly.Name: AttributeAssembly };

    /// <summary>The first architecture of a class; without one the first attribute of ours, null where there is none.</summary>
    public static AttributeData? Foremost(INamedTypeSymbol type)
    {
        var ours = type.TypeKind == TypeKind.Class ? type.GetAttributes().Where(IsOurs).ToArray() : [];
        return ours.FirstOrDefault(static a => s_architectures.Contains(NameOf(a))) ?? ours.FirstOrDefault();
    }

    /// <summary>Whether a class says what kind of model it is.</summary>
    public static bool HasArchitecture(ModelSpec spec) => spec.Attributes.Any(static a => s_architectures.Contains(a.Name));

    /// <summary>Name of an attribute without its suffix.</summary>
    public static string NameOf(AttributeData attribute)
    {
        var name = attribute.AttributeClass!.Name;
        return name.EndsWith(Suffix, StringComparison.Ordinal) ? name.Substring(0, name.Length - Suffix.Length) : name;
    }

    private static ModelSpec? Read(INamedTypeSymbol type, IAssemblySymbol home, HashSet<ISymbol> open)
    {
        var attributes = type.TypeKind == TypeKind.Class ? type.GetAttributes().Where(IsOurs).ToArray() : [];
        if (attributes.Length == 0 || open.Contains(type))
        {
            return null;
        }

        var inside = new HashSet<ISymbol>(open, SymbolEqualityComparer.Default) { type };
        return new ModelSpec(Type(type), new(attributes.Select(a => Attribute(a, home, inside))))
        {
            Tokenizer = SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, home) ? null : Tokenizer(type),
            HasGpu = type.ContainingModule.ReferencedAssemblies.Any(static a => a.Name == GpuAssembly),
        };
    }

    // Of another project: its files are not here, but its class was emitted with what they led to.
    private static TokenizerSpec? Tokenizer(INamedTypeSymbol type)
    {
        var constants = type.GetTypeMembers().SelectMany(static t => t.GetMembers().OfType<IFieldSymbol>()).Where(static f => f.HasConstantValue).ToLookup(static f => f.Name, static f => f.ConstantValue);
        return constants[TokenizerSpec.FileConstant].OfType<string>().FirstOrDefault() is { } file && constants[TokenizerSpec.SizeConstant].OfType<int>().FirstOrDefault() is var size and > 0
            ? new(file, size, null)
            : null;
    }

    private static TypeSpec Type(INamedTypeSymbol type)
    {
        var containers = new List<string>();
        for (var at = type.ContainingType; at is not null; at = at.ContainingType)
        {
            containers.Insert(0, $"partial {(at.IsRecord ? at.IsValueType ? "record struct" : "record" : at.IsValueType ? "struct" : at.TypeKind == TypeKind.Interface ? "interface" : "class")} {Identifier(at)}");
        }

        var space = type.ContainingNamespace is { IsGlobalNamespace: false } n ? n.ToDisplayString(s_space) : "";
        return new TypeSpec(space, new(containers), Identifier(type), type.DeclaredAccessibility == Accessibility.Public ? "public" : "internal") { Distinction = Distinction(type) };
    }

    private static string Identifier(INamedTypeSymbol type) =>
        SyntaxFacts.GetKeywordKind(type.Name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(type.Name) != SyntaxKind.None ? "@" + type.Name : type.Name;

    // The number of a name among its neighbours that differ from it in case alone, for every level that has such; mostly nothing.
    private static string Distinction(ISymbol symbol)
    {
        if (symbol.ContainingSymbol is not INamespaceOrTypeSymbol around)
        {
            return "";
        }

        var alike = around.GetMembers().Where(m => m is INamespaceOrTypeSymbol && string.Equals(m.Name, symbol.Name, StringComparison.OrdinalIgnoreCase))
            .Select(static m => m.Name).Distinct().OrderBy(static n => n, StringComparer.Ordinal).ToList();
        return Distinction(around) + (alike.Count == 1 ? "" : $"-{alike.IndexOf(symbol.Name)}");
    }

    private static AttributeSpec Attribute(AttributeData attribute, IAssemblySymbol home, HashSet<ISymbol> open)
    {
        var type = attribute.AttributeClass!;
        var models = type.TypeArguments.Any(static t => t.TypeKind == TypeKind.Error) ? [] : type.TypeArguments.Select(t => Part(t, home, open));
        return new AttributeSpec(NameOf(attribute), new(Arguments(attribute, type)), new(models));
    }

    // What is no model has no attributes, and neither has what is being read already.
    private static ModelSpec Part(ITypeSymbol type, IAssemblySymbol home, HashSet<ISymbol> open) =>
        (type is INamedTypeSymbol named ? Read(named, home, open) : null) ?? new ModelSpec(new TypeSpec("", default, type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), "public"), default) { IsOpen = open.Contains(type) };

    // Where no constructor fits what is written, all its parameters are unreadable.
    private static IEnumerable<ArgumentSpec> Arguments(AttributeData attribute, INamedTypeSymbol type)
    {
        var parameters = type.InstanceConstructors.FirstOrDefault(static c => c.DeclaredAccessibility == Accessibility.Public)?.Parameters ?? [];
        for (var i = 0; i < parameters.Length; i++)
        {
            yield return new ArgumentSpec(parameters[i].Name, i < attribute.ConstructorArguments.Length ? Value(attribute.ConstructorArguments[i]) : new SpecValue.Unreadable());
        }

        foreach (var argument in attribute.NamedArguments)
        {
            yield return new ArgumentSpec(argument.Key, Value(argument.Value));
        }
    }

    private static SpecValue Value(TypedConstant constant) => constant.Kind switch
    {
        TypedConstantKind.Array => new SpecValue.List(new(constant.Values.IsDefault ? [] : constant.Values.Select(Value))),
        TypedConstantKind.Primitive or TypedConstantKind.Enum => constant.Value switch
        {
            bool b => new SpecValue.Flag(b),
            null => new SpecValue.Text(""),
            string s => new SpecValue.Text(s),
            double d => new SpecValue.Real(d),
            float f => new SpecValue.Real(f),
            byte or sbyte or short or ushort or int or uint or long => new SpecValue.Integer(Convert.ToInt64(constant.Value)),
            _ => new SpecValue.Unreadable(),
        },
        _ => new SpecValue.Unreadable(),
    };
}
