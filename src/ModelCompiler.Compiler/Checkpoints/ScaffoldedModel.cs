using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>A model as it is read from a folder: attributes with arguments, and the keys that have no counterpart.</summary>
internal sealed class ScaffoldedModel
{
    private readonly List<(string Attribute, string Argument, SpecValue Value)> _arguments = [];
    private readonly List<string> _attributes = [];

    /// <summary>What has no counterpart: keys with their values.</summary>
    public List<string> Unsupported { get; } = [];

    /// <summary>The head shares the token table.</summary>
    public bool IsTied { get; set; } = true;

    /// <summary>Rows of the position table that no token uses.</summary>
    public long PositionOffset { get; set; }

    /// <summary>What a dropout that says null stands for.</summary>
    public double DefaultDropout { get; set; }

    /// <summary>The feed-forward width as a function of the width; null: said otherwise.</summary>
    public Func<long, long>? FeedForwardOf { get; set; }

    /// <summary>Sizes that a published name stands for; they win over defaults.</summary>
    public Action? Published { get; set; }

    /// <summary>Options that follow from others.</summary>
    public void Finish()
    {
        if (FeedForwardOf is { } of && _arguments.FirstOrDefault(static a => a.Argument == "Width").Value is SpecValue.Integer width && of(width.Value) != 4 * width.Value)
        {
            Set("FeedForward", of(width.Value));
        }
    }

    /// <summary>Adds an attribute; the first is the architecture.</summary>
    public void Add(string attribute) => _attributes.Add(attribute);

    /// <summary>Sets an option of the architecture.</summary>
    public void Set(string option, object value) => Set(_attributes[0], option, value);

    /// <summary>Whether an option of the architecture was set to true.</summary>
    public bool Is(string option) => _arguments.Any(a => a.Attribute == _attributes[0] && a.Argument == option && a.Value is SpecValue.Flag { Value: true });

    /// <summary>Sets an argument of an attribute.</summary>
    public void Set(string attribute, string argument, object value)
    {
        _arguments.RemoveAll(a => a.Attribute == attribute && a.Argument == argument);
        _arguments.Add((attribute, argument, Spec(value)));
    }

    /// <summary>Notes a key whose value has no counterpart.</summary>
    public T Fail<T>(string key, object? value, string legal)
    {
        Unsupported.Add($"{key} = {ConfigFile.Json(value)} (supported: {legal})");
        return default!;
    }

    /// <summary>The attributes, without arguments that say what is the default.</summary>
    public EquatableArray<AttributeSpec> Attributes() => new(_attributes.Select(name =>
    {
        var type = AttributeBinder.TypeOf(name);
        var plain = type.GetConstructor([]) is null ? null : Activator.CreateInstance(type);
        return new AttributeSpec(name, new(_arguments.Where(a => a.Attribute == name && !IsDefault(plain, a.Argument, a.Value)).Select(static a => new ArgumentSpec(a.Argument, a.Value))), default);
    }));

    private static bool IsDefault(object? plain, string argument, SpecValue value) =>
        plain?.GetType().GetProperty(argument) is { } property && Equals(Spec(property.GetValue(plain)!), value);

    private static SpecValue Spec(object value) => value switch
    {
        bool b => new SpecValue.Flag(b),
        int i => new SpecValue.Integer(i),
        long i => new SpecValue.Integer(i),
        double d => new SpecValue.Real(d),
        string s => new SpecValue.Text(s),
        string[] l => new SpecValue.List(new(l.Select(static s => (SpecValue)new SpecValue.Text(s)))),
        Enum e => new SpecValue.Integer(Convert.ToInt64(e)),
        _ => throw new ArgumentException($"no argument can be a {value.GetType().Name}", nameof(value)),
    };
}
