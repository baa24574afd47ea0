namespace ModelCompiler.Compiler.Spec;

/// <summary>Everything the compiler knows of one annotated class: the only thing that crosses from Roslyn.</summary>
/// <param name="Type">The user's class.</param>
/// <param name="Attributes">Its attributes of this project, in source order.</param>
public sealed record ModelSpec(TypeSpec Type, EquatableArray<AttributeSpec> Attributes)
{
    /// <summary>Whether the class's project uses ModelCompiler.Gpu: then programs for GPUs are emitted too.</summary>
    public bool HasGpu { get; init; }

    /// <summary>The files behind its <c>Tokenizer</c>; null where it names none, or where no project was asked.</summary>
    public TokenizerSpec? Tokenizer { get; init; }

    /// <summary>The class is one that its own type arguments lead back to: its attributes are left out.</summary>
    public bool IsOpen { get; init; }
}

/// <summary>The user's class as C# writes it: names that are keywords have their <c>@</c>.</summary>
/// <param name="Namespace">Empty for the global namespace.</param>
/// <param name="Containers">Enclosing types, outermost first, as declarations: <c>partial class Outer</c>.</param>
/// <param name="Name">The class name.</param>
/// <param name="Accessibility"><c>public</c> or <c>internal</c>: what its members' types may be.</param>
public sealed record TypeSpec(string Namespace, EquatableArray<string> Containers, string Name, string Accessibility)
{
    /// <summary>Set where the full name of another class differs in case alone, because files are told apart without it.</summary>
    public string Distinction { get; init; } = "";

    /// <summary>The constructor, where <see cref="Taken"/> names it.</summary>
    public const string Constructor = ".ctor";

    /// <summary>Names that emitted code needs for itself and that the class, or something around it, has already: with any of them only a skeleton is emitted.</summary>
    public EquatableArray<string> Taken { get; init; }

    /// <summary>The name that metadata has, <c>Demo.Outer+Tiny</c>: unique in its assembly, and the stem of hint names.</summary>
    public string FullName => (Namespace.Length > 0 ? Namespace + "." : "").Replace("@", "")
        + string.Join("+", Containers.Select(static c => c.Substring(c.LastIndexOf(' ') + 1)).Concat([Name])).Replace("@", "") + Distinction;
}

/// <summary>One attribute with the arguments that were written; defaults are the attribute class's.</summary>
/// <param name="Name">Name of the attribute class without its suffix: <c>VisionTransformer</c>.</param>
/// <param name="Arguments">Constructor and named arguments.</param>
/// <param name="TypeArguments">The models that the attribute's type arguments name, with their own attributes.</param>
public sealed record AttributeSpec(string Name, EquatableArray<ArgumentSpec> Arguments, EquatableArray<ModelSpec> TypeArguments);

/// <summary>One argument: a property of the attribute, or a constructor parameter under the parameter's name.</summary>
public sealed record ArgumentSpec(string Name, SpecValue Value);

/// <summary>The value of an argument: a closed union.</summary>
public abstract record SpecValue
{
    private SpecValue()
    {
    }

    /// <summary>An integer, or an enum's underlying value.</summary>
    public sealed record Integer(long Value) : SpecValue;

    public sealed record Real(double Value) : SpecValue;

    public sealed record Flag(bool Value) : SpecValue;

    public sealed record Text(string Value) : SpecValue;

    public sealed record List(EquatableArray<SpecValue> Items) : SpecValue;

    /// <summary>An argument that does not compile: the default stands for it, and C# says what is wrong.</summary>
    public sealed record Unreadable : SpecValue;
}
