using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>One key of a format's configuration, in both directions.</summary>
/// <param name="Key">Dotted path.</param>
/// <param name="Write">The value that a model implies; <see cref="Absent"/>: the key is not written.</param>
/// <param name="Read">Takes the value, which may be null where the file lacks the key.</param>
internal sealed record ConfigRow(string Key, Func<BoundModel, object?> Write, Action<object?, ScaffoldedModel> Read)
{
    /// <summary>Stands for a key that is not written.</summary>
    public static readonly object Absent = new();

    /// <summary>The reference's value where the file lacks the key; <see cref="Absent"/>: the key is needed.</summary>
    public object? Default { get; init; } = Absent;

    /// <summary>Values that mean the same as the one that is written.</summary>
    public Func<BoundModel, IEnumerable<object>> Synonyms { get; init; } = static _ => [];

    /// <summary>A file with another value cannot be loaded.</summary>
    public bool IsCompared { get; init; } = true;

    public ConfigValue? Value(BoundModel model)
    {
        var value = Write(model);
        return ReferenceEquals(value, Absent) ? null : new ConfigValue(Key, ConfigFile.Json(value), [.. Synonyms(model).Select(ConfigFile.Json).Where(s => s != ConfigFile.Json(value))], !IsCompared || ConfigFile.Json(Default) == ConfigFile.Json(value), IsCompared);
    }

    /// <summary>An integer option of the architecture.</summary>
    public static ConfigRow Integer(string key, string option, object? @default = null) => new(
        key,
        m => Convert.ToInt64(Option(m, option)),
        (v, s) => s.Set(option, v is long i ? i : s.Fail<long>(key, v, "an integer")))
    {
        Default = @default ?? Absent,
    };

    /// <summary>A number of the architecture.</summary>
    public static ConfigRow Real(string key, string option, double @default) => new(
        key,
        m => Convert.ToDouble(Option(m, option)),
        (v, s) => s.Set(option, v switch { double d => d, long i => i, _ => s.Fail<double>(key, v, "a number") }))
    {
        Default = @default,
    };

    /// <summary>A probability of dropout, of several options at once; never compared, because fine-tuning may choose its own.</summary>
    public static ConfigRow Dropout(string key, double @default, params string[] options) => new(
        key,
        m => Convert.ToDouble(Option(m, options[0])),
        (v, s) =>
        {
            foreach (var option in options)
            {
                s.Set(option, v switch { double d => d, long i => (double)i, null => s.DefaultDropout, _ => s.Fail<double>(key, v, "a probability") });
            }
        })
    {
        Default = @default,
        IsCompared = false,
    };

    /// <summary>An activation by the reference's names; the first name of each is written.</summary>
    public static ConfigRow ActivationName(string key, string @default) => new(
        key,
        m => ActivationNames.Write((Activation)Option(m, "Activation")),
        (v, s) => s.Set("Activation", v is string t && ActivationNames.Read(t) is { } a ? a : s.Fail<Activation>(key, v, string.Join(", ", ActivationNames.All))))
    {
        Default = @default,
        Synonyms = static m => ActivationNames.Of(((TransformerAttribute)m.Architecture).Activation),
    };

    /// <summary>A key of which only one value has a counterpart.</summary>
    public static ConfigRow Fixed(string key, object? value) => new(
        key,
        _ => value,
        (v, s) =>
        {
            if (ConfigFile.Json(v) != ConfigFile.Json(value))
            {
                s.Fail<object>(key, v, ConfigFile.Json(value));
            }
        })
    {
        Default = value,
    };

    /// <summary>A key that is written for other readers and says nothing to us.</summary>
    public static ConfigRow Written(string key, Func<BoundModel, object?> write) => new(key, write, static (_, _) => { }) { IsCompared = false, Default = null };

    /// <summary>The value of an option of the architecture attribute.</summary>
    public static object Option(BoundModel model, string option) => model.Architecture.GetType().GetProperty(option)!.GetValue(model.Architecture)!;

    /// <summary>The feed-forward width, its default resolved.</summary>
    public static int FeedForward(TransformerAttribute o) => o.FeedForward == 0 ? 4 * o.Width : o.FeedForward;
}
