namespace ModelCompiler.Compiler.Spec;

/// <summary>Makes attribute objects of their specs, by reflection over the attribute classes themselves.</summary>
public static class AttributeBinder
{
    private const string Suffix = "Attribute";

    private static readonly IReadOnlyDictionary<string, Type> s_types = typeof(ModelAttribute).Assembly.GetExportedTypes()
        .Where(static t => !t.IsAbstract && typeof(Attribute).IsAssignableFrom(t))
        .ToDictionary(NameOf);

    /// <summary>Every attribute class.</summary>
    public static IEnumerable<Type> Types => s_types.Values.OrderBy(static t => t.Name, StringComparer.Ordinal);

    /// <summary>The attribute classes that make a class a model.</summary>
    public static IEnumerable<Type> Architectures => Types.Where(typeof(ModelAttribute).IsAssignableFrom);

    /// <summary>The attribute class of a name without suffix.</summary>
    public static Type TypeOf(string name) => s_types[name];

    /// <summary>The class of an attribute as <see cref="Types"/> has it: without type arguments.</summary>
    public static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    /// <summary>An attribute with every option at its default; null where its constructor needs arguments.</summary>
    public static object? Plain(Type type) => Closed(type) is var closed && closed.GetConstructor([]) is null ? null : Activator.CreateInstance(closed);

    /// <summary>Name of an attribute class without its suffix and without generic arity.</summary>
    public static string NameOf(Type type)
    {
        var name = type.Name.Split('`')[0];
        return name.EndsWith(Suffix, StringComparison.Ordinal) ? name.Substring(0, name.Length - Suffix.Length) : name;
    }

    /// <summary>Binds every attribute; arguments whose value no property can hold become problems.</summary>
    public static (BoundModel Model, IReadOnlyList<SpecProblem> Problems) Bind(ModelSpec spec)
    {
        var problems = new List<SpecProblem>();
        var attributes = new List<Attribute>();
        foreach (var attribute in spec.Attributes)
        {
            // The same attribute twice is C#'s own error: the first stands.
            if (s_types.TryGetValue(attribute.Name, out var type) && attributes.All(a => Definition(a.GetType()) != type))
            {
                attributes.Add(Sized(spec, attribute, Create(type, attribute, problems)));
            }
        }

        return (new BoundModel(spec, attributes), problems);
    }

    // A vocabulary that is left out is its tokenizer's.
    private static Attribute Sized(ModelSpec spec, AttributeSpec written, Attribute attribute)
    {
        if (attribute is TextTransformerAttribute text && spec.Tokenizer is { } tokenizer && written.Arguments.All(static a => a.Name != nameof(text.Vocabulary)))
        {
            text.Vocabulary = tokenizer.Size;
        }

        return attribute;
    }

    // Type arguments are specs, which no type of ours stands for: any will do.
    private static Type Closed(Type type) => type.IsGenericTypeDefinition ? type.MakeGenericType([.. type.GetGenericArguments().Select(static _ => typeof(object))]) : type;

    private static Attribute Create(Type type, AttributeSpec spec, List<SpecProblem> problems)
    {
        type = Closed(type);
        var parameters = type.GetConstructors().Single().GetParameters();
        var values = parameters.Select(p => Value(p.Name!, p.ParameterType) ?? Missing(p.ParameterType)).ToArray();
        var instance = (Attribute)Activator.CreateInstance(type, values)!;
        foreach (var argument in spec.Arguments)
        {
            if (type.GetProperty(argument.Name) is { CanWrite: true } property && Value(argument.Name, property.PropertyType) is { } value)
            {
                property.SetValue(instance, value);
            }
        }

        return instance;

        object? Value(string name, Type target)
        {
            if (spec.Arguments.LastOrDefault(a => a.Name == name) is not { } argument || Convert(argument.Value, target) is not { } value)
            {
                return null;
            }

            if (!target.IsEnum || EnumMembers.Problem(name, target, value) is not { } message)
            {
                return value;
            }

            problems.Add(new SpecProblem(Rules.UndefinedValue, spec.Name, name, message));
            return null;
        }
    }

    private static object Missing(Type type) => type.IsArray ? Array.CreateInstance(type.GetElementType()!, 0) : Activator.CreateInstance(type)!;

    // Null where the type cannot hold the value: that does not compile, so C# says it.
    private static object? Convert(SpecValue value, Type type) => value switch
    {
        SpecValue.Integer i when type.IsEnum => Enum.ToObject(type, i.Value),
        SpecValue.Integer i when type == typeof(double) => (double)i.Value,
        SpecValue.Integer i when type == typeof(int) && i.Value is >= int.MinValue and <= int.MaxValue => (int)i.Value,
        SpecValue.Real r when type == typeof(double) => r.Value,
        SpecValue.Flag f when type == typeof(bool) => f.Value,
        SpecValue.Text t when type == typeof(string) => t.Value,
        SpecValue.List l when type == typeof(string[]) => l.Items.Select(static t => (t as SpecValue.Text)?.Value ?? "").ToArray(),
        _ => null,
    };
}
