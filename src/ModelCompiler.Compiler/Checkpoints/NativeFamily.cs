using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>Any model under its own names; the configuration is the attributes' own arguments.</summary>
internal sealed class NativeFamily : CheckpointFamily
{
    public override CheckpointFormat Format => CheckpointFormat.Native;

    public override IReadOnlyList<ConfigRow> Rows { get; } =
    [
        ConfigRow.Fixed("format", "ModelCompiler") with { Default = ConfigRow.Absent },
        new("architecture", static m => AttributeBinder.NameOf(m.Architecture.GetType()), static (_, _) => { }),
        .. AttributeBinder.Types.Where(static t => typeof(ModelAttribute).IsAssignableFrom(t) || typeof(ObjectiveAttribute).IsAssignableFrom(t))
            .SelectMany(static t => t.GetProperties().Where(static p => p.CanWrite && !OptionNames.Training.Contains(p.Name)).Select(p => Row(t, p))),
    ];

    protected override IEnumerable<TensorRule> Tensors(BoundModel model) => [];

    public override bool Recognises(ConfigFile config) => config.Text("format") == "ModelCompiler";

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel model)
    {
        model.Add(config.Text("architecture") ?? "");
        foreach (var objective in AttributeBinder.Types.Where(static t => typeof(ObjectiveAttribute).IsAssignableFrom(t)).Select(AttributeBinder.NameOf).Where(config.Has))
        {
            model.Add(objective);
        }
    }

    public override void Validate(BoundModel model, ProblemList problems)
    {
    }

    private static ConfigRow Row(Type type, System.Reflection.PropertyInfo property)
    {
        var attribute = AttributeBinder.NameOf(type);
        return new ConfigRow(
            $"{attribute}.{property.Name}",
            m => m.Attributes.FirstOrDefault(a => a.GetType() == type) is { } a ? Plain(property.GetValue(a)!) : ConfigRow.Absent,
            (v, s) =>
            {
                if (v is not null)
                {
                    s.Set(attribute, property.Name, property.PropertyType.IsEnum ? Enum.Parse(property.PropertyType, (string)v) : property.PropertyType == typeof(double) ? Convert.ToDouble(v) : v);
                }
            });
    }

    private static object Plain(object value) => value switch
    {
        Enum e => e.ToString(),
        int i => (long)i,
        _ => value,
    };
}
