using System.Reflection;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>Any model under its own names; the configuration is the attributes' own arguments.</summary>
internal sealed class NativeFamily : CheckpointFamily
{
    public override CheckpointFormat Format => CheckpointFormat.Native;

    public override IReadOnlyList<ConfigRow> Rows { get; } =
    [
        ConfigRow.Fixed("format", "ModelCompiler") with { Default = ConfigRow.Absent },
        ConfigRow.Choice<bool>("architecture", Names(AttributeBinder.Architectures), static m => AttributeBinder.NameOf(m.Architecture.GetType()), static v => Names(AttributeBinder.Architectures).Contains(v) ? true : null),
        .. AttributeBinder.Architectures.Concat(Objectives).SelectMany(RowsOf),
    ];

    private static readonly IReadOnlyList<ConfigRow> s_towers = [.. Towers.SelectMany(RowsOf)];

    public override IReadOnlyList<string> Neutral => [];

    private static IEnumerable<Type> Towers => AttributeBinder.Architectures.Where(static t => typeof(TowerAttribute).IsAssignableFrom(t));

    private static IEnumerable<Type> Objectives => AttributeBinder.Types.Where(static t => typeof(ObjectiveAttribute).IsAssignableFrom(t));

    public override IEnumerable<TensorRule> Tensors(BoundModel model) => [];

    public override IEnumerable<ConfigValue> Config(BoundModel model) =>
    [
        .. base.Config(model),
        .. Side.AreNamed(model) ? Side.All(model).SelectMany(static side => s_towers.Select(r => r.Value(side.Model)).OfType<ConfigValue>().Select(v => v.Under(side.Name))) : [],
    ];

    public override bool Recognises(ConfigFile config) => config.Text("format") == "ModelCompiler";

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel model)
    {
        // A composition's towers are classes that its own configuration does not name.
        if (config.Text("architecture") is { } architecture && Names(Towers).Contains(architecture) && !AttributeBinder.TypeOf(architecture).IsGenericType)
        {
            model.Add(architecture);
        }
        else
        {
            config.Fail<object>("architecture", config.Get("architecture"), string.Join(", ", Names(Towers.Where(static t => !t.IsGenericType))));
            return;
        }

        foreach (var objective in Names(Objectives).Where(config.Has))
        {
            model.Add(objective);
        }
    }

    public override void Validate(BoundModel model, ProblemList problems)
    {
    }

    private static IEnumerable<string> Names(IEnumerable<Type> types) => types.Select(AttributeBinder.NameOf);

    // What is not written stands at its default. Training may choose some options anew: they are written, but not compared. Texts name files of
    // the project, which no folder of weights knows.
    private static IEnumerable<ConfigRow> RowsOf(Type type) => type.GetProperties().Where(static p => p.CanWrite && p.PropertyType != typeof(string)).Select(p => Row(type, p));

    private static ConfigRow Row(Type type, PropertyInfo property)
    {
        var (attribute, option) = (AttributeBinder.NameOf(type), property.Name);
        var key = $"{attribute}.{option}";
        var plain = AttributeBinder.Plain(type);
        return Typed() with { Default = Plain(plain is null ? null : Value(plain)), IsCompared = !OptionNames.Training.Contains(option) };

        ConfigRow Typed() => property.PropertyType switch
        {
            { IsEnum: true } e => ConfigRow.Choice<long>(key, Enum.GetNames(e), Write, v => Member(e, v), (v, s) => Set(v, s)),
            var t when t == typeof(int) => ConfigRow.Integer(key, Write, (v, s) => Set(v, s)),
            var t when t == typeof(double) => ConfigRow.Real(key, Write, (v, s) => Set(v, s)),
            _ => ConfigRow.Flag(key, Write, (v, s) => Set(v, s)),
        };

        object? Write(BoundModel model) => model.Attributes.FirstOrDefault(a => AttributeBinder.Definition(a.GetType()) == type) is { } a ? Plain(Value(a)) : ConfigRow.Absent;

        object? Value(object attribute) => attribute.GetType().GetProperty(option)!.GetValue(attribute);

        void Set(object value, ScaffoldedModel s)
        {
            if (s.Has(attribute))
            {
                s.Set(attribute, option, value, null);
            }
        }
    }

    // Flags are names with commas.
    private static long? Member(Type type, string names)
    {
        var values = names.Split(',').Select(n => Array.IndexOf(Enum.GetNames(type), n.Trim())).ToArray();
        return values.Any(static v => v < 0) ? null : values.Select(v => Convert.ToInt64(Enum.GetValues(type).GetValue(v))).Aggregate(0L, static (a, b) => a | b);
    }

    private static object? Plain(object? value) => value switch
    {
        Enum e => e.ToString(),
        int i => (long)i,
        _ => value,
    };
}
