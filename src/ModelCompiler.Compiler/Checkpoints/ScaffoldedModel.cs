using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>A model as it is read from a configuration: attributes with arguments, and the keys that they come from.</summary>
internal sealed class ScaffoldedModel(ConfigFile config)
{
    private readonly List<(string Attribute, string Argument, SpecValue Value)> _arguments = [];
    private readonly List<string> _attributes = [];
    private readonly Dictionary<string, string> _keys = [];
    private readonly Dictionary<string, object> _defaults = [];
    private (string Key, Func<long, double> Of)? _feedForward;

    private readonly List<(string Name, ScaffoldedModel Model)> _sides = [];

    /// <summary>Adds a tower, in the order of the composition's type arguments.</summary>
    /// <param name="config">What says how it is made.</param>
    public ScaffoldedModel AddSide(string name, ConfigFile config)
    {
        var side = new ScaffoldedModel(config) { IsReader = name == "decoder" };
        _sides.Add((name, side));
        return side;
    }

    /// <summary>Name of the tower beside this one that is its type argument; null: it has none.</summary>
    public string? Reads { get; set; }

    /// <summary>It is a tower that reads another's tokens.</summary>
    public bool IsReader { get; private init; }

    /// <summary>The key that is being read: what is set comes from it.</summary>
    public string? Key { get; set; }

    /// <summary>Keys by <c>Attribute.Argument</c>.</summary>
    public IReadOnlyDictionary<string, string> Keys => _keys;

    /// <summary>Whether the configuration named an architecture that we have.</summary>
    public bool HasArchitecture => _attributes.Count > 0;

    /// <summary>Rows of the position table that no token uses.</summary>
    public long PositionOffset { get; set; }

    /// <summary>What a dropout that says null stands for.</summary>
    public double DefaultDropout { get; set; }

    /// <summary>Sets what a key stands for where the file lacks it: it wins over the default of the key's row.</summary>
    public void SetDefault(string key, object value) => _defaults[key] = value;

    /// <summary>What a key stands for where the file lacks it.</summary>
    /// <param name="usual">The default of the key's row.</param>
    public object? Default(string key, object? usual) => _defaults.TryGetValue(key, out var value) ? value : usual;

    /// <summary>The feed-forward width is a function of the width, which is still to be read.</summary>
    public void FeedForward(string key, Func<long, double> of) => _feedForward = (key, of);

    /// <summary>Options that follow from others.</summary>
    public void Finish()
    {
        foreach (var (_, side) in _sides)
        {
            side.Finish();
        }

        if (_feedForward is not var (key, of) || _arguments.FirstOrDefault(static a => a.Argument == "Width").Value is not SpecValue.Integer width)
        {
            return;
        }

        var inner = Math.Floor(of(width.Value));
        if (inner is not (>= 1 and <= int.MaxValue))
        {
            config.Fail<object>(key, config.Get(key), $"a number that times {width.Value} is 1 to {int.MaxValue}");
        }
        else if (inner != 4 * width.Value)
        {
            Set("FeedForward", (long)inner, key);
        }
    }

    /// <summary>Adds an attribute; the first is the architecture.</summary>
    public void Add(string attribute) => _attributes.Add(attribute);

    /// <summary>Sets an option of the architecture.</summary>
    /// <param name="key">The key that it comes from; null: the one that is being read, if any.</param>
    public void Set(string option, object value, string? key = null) => Set(_attributes[0], option, value, key);

    /// <summary>Whether the model has an attribute.</summary>
    public bool Has(string attribute) => _attributes.Contains(attribute);

    /// <summary>Whether an option of the architecture was set to true.</summary>
    public bool Is(string option) => _arguments.Any(a => a.Attribute == _attributes[0] && a.Argument == option && a.Value is SpecValue.Flag { Value: true });

    /// <summary>Sets an argument of an attribute.</summary>
    /// <inheritdoc cref="Set(string, object, string?)"/>
    public void Set(string attribute, string argument, object value, string? key)
    {
        if ((key ?? Key) is { } from)
        {
            _keys[$"{attribute}.{argument}"] = from;
        }

        _arguments.RemoveAll(a => a.Attribute == attribute && a.Argument == argument);
        _arguments.Add((attribute, argument, Spec(value)));
    }

    /// <inheritdoc cref="ConfigFile.Fail{T}"/>
    public T Fail<T>(string key, object? value, string legal) => config.Fail<T>(key, value, legal);

    /// <summary>Notes every key by which this model is another than one that is said to be the same.</summary>
    public void FailDifferences(ScaffoldedModel other)
    {
        foreach (var name in _arguments.Concat(other._arguments).Select(static a => (a.Attribute, a.Argument)).Distinct().Where(n => !Equals(Value(n), other.Value(n))))
        {
            var at = $"{name.Attribute}.{name.Argument}";
            var key = _keys.TryGetValue(at, out var own) || other._keys.TryGetValue(at, out own) ? own : name.Argument;
            config.Fail<object>(key, config.Get(key), $"what is said beside it, {ConfigFile.Json(other.Said(key))}");
        }
    }

    private object? Said(string key) => config.Get(key);

    private SpecValue? Value((string Attribute, string Argument) name) => _arguments.FirstOrDefault(a => a.Attribute == name.Attribute && a.Argument == name.Argument).Value;

    /// <summary>The attributes, without arguments that say what is the default.</summary>
    /// <param name="type">The class; those of towers are named after it.</param>
    public EquatableArray<AttributeSpec> Attributes(TypeSpec type) => new(_attributes.Select((name, number) =>
    {
        var plain = AttributeBinder.Plain(AttributeBinder.TypeOf(name));
        return new AttributeSpec(name, new(_arguments.Where(a => a.Attribute == name && !IsDefault(plain, a.Argument, a.Value)).Select(static a => new ArgumentSpec(a.Argument, a.Value))), number == 0 ? Towers(type) : default);
    }));

    private EquatableArray<ModelSpec> Towers(TypeSpec type)
    {
        var towers = new List<ModelSpec>();
        foreach (var (name, side) in _sides)
        {
            var named = type with { Name = type.Name + char.ToUpperInvariant(name[0]) + name.Substring(1) };
            var attributes = side.Attributes(named);
            towers.Add(new ModelSpec(named, side.Reads is null ? attributes
                : new([attributes[0] with { TypeArguments = new([towers[_sides.FindIndex(s => s.Name == side.Reads)]]) }, .. attributes.Skip(1)])));
        }

        return new(towers);
    }

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
