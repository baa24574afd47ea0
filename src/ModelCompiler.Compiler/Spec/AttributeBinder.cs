using System.Reflection;

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

    /// <summary>The attribute class of a name without suffix.</summary>
    public static Type TypeOf(string name) => s_types[name];

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
            if (s_types.TryGetValue(attribute.Name, out var type))
            {
                attributes.Add(Create(type, attribute, problems));
            }
        }

        return (new BoundModel(spec, attributes), problems);
    }

    private static Attribute Create(Type type, AttributeSpec spec, List<SpecProblem> problems)
    {
        var constructor = type.GetConstructors().Single();
        var arguments = constructor.GetParameters()
            .Select(p => spec.Arguments.FirstOrDefault(a => a.Name == p.Name) is { } a ? Convert(a.Value, p.ParameterType) : Missing(p.ParameterType))
            .ToArray();
        var instance = (Attribute)constructor.Invoke(arguments);
        foreach (var argument in spec.Arguments)
        {
            if (type.GetProperty(argument.Name) is not { } property)
            {
                continue;
            }

            var value = Convert(argument.Value, property.PropertyType);
            if (property.PropertyType.IsEnum && !IsDefined(property.PropertyType, value))
            {
                problems.Add(new SpecProblem(Rules.UndefinedValue, spec.Name, argument.Name,
                    $"{argument.Name} ({System.Convert.ToInt64(value)}) is no member of {property.PropertyType.Name}; legal: {string.Join(", ", Enum.GetNames(property.PropertyType))}"));
                continue;
            }

            if (property.CanWrite)
            {
                property.SetValue(instance, value);
            }
        }

        return instance;
    }

    private static object Missing(Type type) => type.IsArray ? Array.CreateInstance(type.GetElementType()!, 0) : Activator.CreateInstance(type)!;

    private static bool IsDefined(Type type, object value)
    {
        if (type.GetCustomAttribute<FlagsAttribute>() is null)
        {
            return Enum.IsDefined(type, value);
        }

        var all = Enum.GetValues(type).Cast<object>().Aggregate(0L, static (bits, v) => bits | System.Convert.ToInt64(v));
        return (System.Convert.ToInt64(value) & ~all) == 0;
    }

    private static object Convert(SpecValue value, Type type) => value switch
    {
        SpecValue.Integer i when type.IsEnum => Enum.ToObject(type, i.Value),
        SpecValue.Integer i when type == typeof(double) => (double)i.Value,
        SpecValue.Integer i => checked((int)i.Value),
        SpecValue.Real r => r.Value,
        SpecValue.Flag f => f.Value,
        SpecValue.Text t => t.Value,
        SpecValue.List l => l.Items.OfType<SpecValue.Text>().Select(static t => t.Value).ToArray(),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "not an attribute value"),
    };
}
