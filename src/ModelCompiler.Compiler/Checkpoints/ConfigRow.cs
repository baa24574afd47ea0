using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>
/// One key of a format's configuration, in both directions. Every row has a type: a value of another one is named as unsupported and
/// never reaches the row's reader.
/// </summary>
internal sealed record ConfigRow
{
    /// <summary>Stands for a key that is not written.</summary>
    public static readonly object Absent = new();

    private const double Temperature = 0.07;

    private ConfigRow(string key, Func<BoundModel, object?> write, Action<object?, ScaffoldedModel> read) => (Key, Write, Read) = (key, write, read);

    /// <summary>Dotted path.</summary>
    public string Key { get; }

    /// <summary>Where else the value may stand: it counts where <see cref="Key"/> is not there.</summary>
    public string? Fallback { get; init; }

    /// <summary>The value that a model implies; <see cref="Absent"/>: the key is neither written nor compared.</summary>
    public Func<BoundModel, object?> Write { get; init; }

    /// <summary>The reference's value where the file lacks the key; <see cref="Absent"/>: the key is needed.</summary>
    public object? Default { get; init; } = Absent;

    /// <summary>What older versions of the reference took for the value where a file lacks the key; <see cref="Absent"/>: the same as now.</summary>
    public object? OlderDefault { get; init; } = Absent;

    /// <summary>Whether a file may lack the key for another reason than <see cref="Default"/>.</summary>
    public Func<BoundModel, bool> IsImplied { get; init; } = static _ => false;

    /// <summary>Values that mean the same as the one that is written.</summary>
    public Func<BoundModel, IEnumerable<object?>> Synonyms { get; init; } = static _ => [];

    /// <summary>A file with another value cannot be loaded.</summary>
    public bool IsCompared { get; init; } = true;

    /// <summary>Where not, the key is compared, but not written: older readers do not know it.</summary>
    public Func<BoundModel, bool> IsWritten { get; init; } = static _ => true;

    private Action<object?, ScaffoldedModel> Read { get; }

    public ConfigValue? Value(BoundModel model)
    {
        var value = Write(model);
        if (ReferenceEquals(value, Absent))
        {
            return null;
        }

        var json = ConfigFile.Json(value);
        string[] synonyms = [.. Synonyms(model).Select(ConfigFile.Json).Where(s => s != json)];
        var isOptional = !IsCompared || IsImplied(model) || ConfigFile.Json(Default) is var usual && (usual == json || synonyms.Contains(usual));
        var key = Fallback is null ? Key : $"{Key}|{Fallback}";
        return IsWritten(model) ? new ConfigValue(key, json, synonyms, isOptional, IsCompared) : new ConfigValue(key, "", [json, .. synonyms], isOptional, IsCompared);
    }

    /// <summary>Takes the row's value from a configuration, or its default where the key is not there.</summary>
    public void Take(ConfigFile config, ScaffoldedModel model)
    {
        model.Key = Fallback is not null && !config.Contains(Key) && config.Contains(Fallback) ? Fallback : Key;
        Read(config.Contains(model.Key) ? config.Get(model.Key) : model.Default(Key, ReferenceEquals(Default, Absent) ? null : Default), model);
        model.Key = null;
    }

    /// <summary>A size that is an option of the architecture.</summary>
    /// <param name="default">Null: the key is needed.</param>
    public static ConfigRow Size(string key, string option, long? @default = null) =>
        Size(key, m => Convert.ToInt64(Option(m, option)), (v, s) => s.Set(option, v)) with { Default = @default ?? Absent };

    /// <summary>An integer above 0.</summary>
    public static ConfigRow Size(string key, Func<BoundModel, object?> write, Action<long, ScaffoldedModel>? read = null) =>
        new(key, write, Typed(key, ConfigType.Size, ToSize, read));

    /// <summary>An integer above 0 or null, which is the default.</summary>
    public static ConfigRow SizeOrNull(string key, Func<BoundModel, object?> write, Action<long?, ScaffoldedModel>? read = null) =>
        new(key, write, OrNull(key, ConfigType.Size, ToSize, read)) { Default = null };

    /// <summary>The feed-forward width.</summary>
    public static ConfigRow FeedForward(string key, long @default) =>
        Size(key, static m => (long)FeedForward((TransformerAttribute)m.Architecture), static (v, s) => s.Set("FeedForward", v)) with { Default = @default };

    /// <summary>An integer option of the architecture.</summary>
    public static ConfigRow Integer(string key, string option, long @default) =>
        Integer(key, m => Convert.ToInt64(Option(m, option)), (v, s) => s.Set(option, v)) with { Default = @default };

    /// <summary>An integer.</summary>
    public static ConfigRow Integer(string key, Func<BoundModel, object?> write, Action<long, ScaffoldedModel>? read = null) =>
        new(key, write, Typed(key, ConfigType.Integer, ToInteger, read));

    /// <summary>An integer or null, which is the default.</summary>
    public static ConfigRow IntegerOrNull(string key, Func<BoundModel, object?> write, Action<long?, ScaffoldedModel>? read = null) =>
        new(key, write, OrNull(key, ConfigType.Integer, ToInteger, read)) { Default = null };

    /// <summary>The token that pads rows; null, which is the default: there is none.</summary>
    /// <param name="learns">Whether its embedding learns, as that of any other token.</param>
    public static ConfigRow Padding(bool learns = true) =>
        IntegerOrNull("pad_token_id", static m => m.Architecture is TextTransformerAttribute { PaddingToken: >= 0 } o ? (long)o.PaddingToken : null, (v, s) =>
        {
            if (v < 0)
            {
                s.Fail<object>("pad_token_id", v, "0 or more, null");
            }

            s.Set("PaddingToken", v ?? -1L);
            s.Set("LearnPadding", learns || v is null ? Toggle.Auto : Toggle.Off);
        });

    /// <summary>A number of the architecture.</summary>
    public static ConfigRow Real(string key, string option, double @default) =>
        Real(key, m => Convert.ToDouble(Option(m, option)), (v, s) => s.Set(option, v)) with { Default = @default };

    /// <summary>A number.</summary>
    public static ConfigRow Real(string key, Func<BoundModel, object?> write, Action<double, ScaffoldedModel>? read = null) =>
        new(key, write, Typed(key, ConfigType.Real, ToReal, read));

    /// <summary>The logarithm of the scale of similarities that training begins with.</summary>
    /// <param name="default">What stands for a temperature of 0.07 in files of the format.</param>
    public static ConfigRow LogScale(string key, double @default) =>
        Real(key, m => m.Architecture is CompositionAttribute { Temperature: var t } && t != Temperature ? -Math.Log(t) : @default, (v, s) => s.Set("Temperature", v == @default ? Temperature : Math.Exp(-v))) with
        { Default = @default, IsCompared = false };

    /// <summary>A number or null, which is the default.</summary>
    public static ConfigRow RealOrNull(string key, Func<BoundModel, object?> write, Action<double?, ScaffoldedModel>? read = null) =>
        new(key, write, OrNull(key, ConfigType.Real, ToReal, read)) { Default = null };

    /// <summary>A probability of dropout, of several options at once; never compared, because fine-tuning may choose its own.</summary>
    public static ConfigRow Dropout(string key, double @default, params string[] options) =>
        Real(key, m => Convert.ToDouble(Option(m, options[0])), (v, s) =>
        {
            foreach (var option in options)
            {
                s.Set(option, v);
            }
        }) with
        { Default = @default, IsCompared = false };

    /// <summary>True or false.</summary>
    public static ConfigRow Flag(string key, bool @default, Func<BoundModel, object?> write, Action<bool, ScaffoldedModel>? read = null) =>
        Flag(key, write, read) with { Default = @default };

    /// <summary>True or false; the key is needed.</summary>
    public static ConfigRow Flag(string key, Func<BoundModel, object?> write, Action<bool, ScaffoldedModel>? read = null) =>
        new(key, write, Typed(key, ConfigType.Flag, static v => v as bool?, read));

    /// <summary>True, false or null, which is the default.</summary>
    public static ConfigRow FlagOrNull(string key, Func<BoundModel, object?> write, Action<bool?, ScaffoldedModel>? read = null) =>
        new(key, write, OrNull(key, ConfigType.Flag, static v => v as bool?, read)) { Default = null };

    /// <summary>A text.</summary>
    public static ConfigRow Text(string key, Func<BoundModel, object?> write) =>
        Choice<bool>(key, ["a text"], write, static _ => true);

    /// <summary>One of a few texts; null: the text has no counterpart.</summary>
    public static ConfigRow Choice<T>(string key, IEnumerable<string> legal, Func<BoundModel, object?> write, Func<string, T?> parse, Action<T, ScaffoldedModel>? read = null)
        where T : struct => new(key, write, Typed(key, string.Join(", ", legal), v => v is string text ? parse(text) : null, read));

    /// <summary>An activation by the reference's names; the first name of each is written.</summary>
    /// <param name="orNull">Null stands for the default.</param>
    public static ConfigRow ActivationName(string key, string @default, Action<Activation, ScaffoldedModel>? read = null, bool orNull = false)
    {
        var legal = string.Join(", ", ActivationNames.All);
        return new(key, static m => ActivationNames.Write(((TransformerAttribute)m.Architecture).Activation),
            Typed(key, orNull ? legal + ", null" : legal, v => (orNull ? v ?? @default : v) is string name ? ActivationNames.Read(name) : null, read ?? (static (v, s) => s.Set("Activation", v))))
        {
            Default = @default,
            Synonyms = m => [.. ActivationNames.Of(((TransformerAttribute)m.Architecture).Activation), .. orNull && ActivationNames.Read(@default) == ((TransformerAttribute)m.Architecture).Activation ? new object?[] { null } : []],
        };
    }

    /// <summary>The feed-forward width as a part of the width, rounded down: a file's ratio is compared by the width that it gives.</summary>
    public static ConfigRow Ratio(string key, double @default) => new(key, static m => RatioOf((TransformerAttribute)m.Architecture), Typed<double>(key, ConfigType.Real, ToReal, null))
    {
        Default = @default,
        Synonyms = static m => [new Dictionary<string, object?> { ["times"] = (long)((TransformerAttribute)m.Architecture).Width, ["gives"] = (long)FeedForward((TransformerAttribute)m.Architecture) }],
    };

    /// <summary>Height and width: one number, or both in a list.</summary>
    public static ConfigRow Sides(string key, long @default, Func<BoundModel, (long Height, long Width)> write, Action<long, long, ScaffoldedModel> read) =>
        new(key, m => OfSides(write(m)), Typed<(long Height, long Width)>(key, ConfigType.Sides, ConfigType.ToSides, (v, s) => read(v.Height, v.Width, s)))
        {
            Default = @default,
            Synonyms = m => write(m) is var (height, width) && height == width ? [new object?[] { height, width }] : [],
        };

    /// <summary>A key of which only one value has a counterpart.</summary>
    public static ConfigRow Fixed(string key, object? value) => Fixed(key, [value]) with { IsWritten = static _ => true };

    /// <summary>A key of which only some values have a counterpart, which all mean the same; it is not written.</summary>
    public static ConfigRow Fixed(string key, object?[] values)
    {
        var legal = values.Select(ConfigFile.Json).ToArray();
        return new(key, _ => values[0], (v, s) =>
        {
            if (!legal.Contains(ConfigFile.Json(v)))
            {
                s.Fail<object>(key, v, string.Join(", ", legal));
            }
        })
        {
            Default = values[0],
            Synonyms = _ => values.Skip(1),
            IsWritten = static _ => false,
        };
    }

    /// <summary>A key that is written for other readers and says nothing to us.</summary>
    public static ConfigRow Written(string key, Func<BoundModel, object?> write) => new(key, write, static (_, _) => { }) { IsCompared = false, Default = null };

    /// <summary>The value of an option of the architecture attribute.</summary>
    public static object Option(BoundModel model, string option) => model.Architecture.GetType().GetProperty(option)!.GetValue(model.Architecture)!;

    /// <summary>The feed-forward width, its default resolved.</summary>
    public static int FeedForward(TransformerAttribute o) => o.FeedForward == 0 ? 4 * o.Width : o.FeedForward;

    // The quotient, or where rounding has made it too small, a number that is safe from it.
    private static object RatioOf(TransformerAttribute o)
    {
        double inner = FeedForward(o);
        return Math.Floor(o.Width * (inner / o.Width)) == inner ? inner / o.Width : (inner + 0.5) / o.Width;
    }

    private static long? ToInteger(object? value) => ConfigType.IsInteger(value) ? (long)value! : null;

    private static long? ToSize(object? value) => ConfigType.IsSize(value) ? (long)value! : null;

    private static double? ToReal(object? value) => ConfigType.IsReal(value) ? ConfigType.ToReal(value!) : null;

    private static object OfSides((long Height, long Width) sides) => sides.Height == sides.Width ? sides.Height : new object?[] { sides.Height, sides.Width };

    private static Action<object?, ScaffoldedModel> Typed<T>(string key, string legal, Func<object?, T?> parse, Action<T, ScaffoldedModel>? read)
        where T : struct => (v, s) =>
        {
            if (parse(v) is { } value)
            {
                read?.Invoke(value, s);
            }
            else
            {
                s.Fail<object>(key, v, legal);
            }
        };

    private static Action<object?, ScaffoldedModel> OrNull<T>(string key, string legal, Func<object?, T?> parse, Action<T?, ScaffoldedModel>? read)
        where T : struct => (v, s) =>
        {
            if (v is null)
            {
                read?.Invoke(null, s);
            }
            else
            {
                Typed(key, legal + ", null", parse, (value, model) => read?.Invoke(value, model))(v, s);
            }
        };
}
