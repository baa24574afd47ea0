using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>A tower within a format of two: the format that it has by itself, below a key of the configuration.</summary>
/// <param name="Side">The tower's name.</param>
/// <param name="Key">Where its configuration lies; empty: its keys lie beside those of the composition.</param>
/// <param name="Prefix">What names of its tensors begin with.</param>
internal sealed record TowerFormat(string Side, CheckpointFamily Family, string Key, string Prefix)
{
    /// <summary>Where older files say the tower once more, or have null; null: nowhere. Their reader lets it win over <see cref="Key"/>, with the default of what it lacks.</summary>
    public string? Repeat { get; init; }

    // Names the class of a whole file.
    private const string ClassKey = "architectures";

    public IEnumerable<TensorRule> Tensors(BoundModel model) => Family.Tensors(Tower(model).Model).Select(r => r.Under(Prefix, Tower(model).Prefix, Key));

    public IEnumerable<ConfigValue> Config(BoundModel model) =>
    [
        .. Family.Config(Tower(model).Model).Where(static v => v.Key != ClassKey).Select(v => Key.Length == 0 ? v : v.Under(Key)),
        .. Repeat is null ? Array.Empty<ConfigValue>() : [ConfigValue.OfRepeat(Repeat, Key)],
    ];

    /// <summary>Adds the tower that a configuration asks for.</summary>
    /// <param name="tensors">Names of all tensors of the file.</param>
    public ScaffoldedModel Read(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        var inner = Key.Length == 0 ? config : config.Under(Key);
        var tower = s.AddSide(Side, inner);
        Fill(inner, tensors, tower);
        return tower;
    }

    /// <summary>The tower as <see cref="Repeat"/> says it; null: it says nothing.</summary>
    /// <inheritdoc cref="Read"/>
    public ScaffoldedModel? ReadAgain(ConfigFile config, IReadOnlyCollection<string> tensors)
    {
        if (Repeat is null || !config.Has(Repeat))
        {
            return null;
        }

        var inner = config.Under(Repeat);
        var tower = new ScaffoldedModel(inner);
        foreach (var row in Family.Rows.Where(r => !ReferenceEquals(r.OlderDefault, ConfigRow.Absent) && Equals(config.Get($"{Key}.{r.Key}"), r.OlderDefault)))
        {
            tower.SetDefault(row.Key, row.OlderDefault!);
        }

        Fill(inner, tensors, tower);
        return tower;
    }

    private void Fill(ConfigFile inner, IReadOnlyCollection<string> tensors, ScaffoldedModel tower)
    {
        Family.Read(inner, [.. tensors.Where(t => t.StartsWith(Prefix, StringComparison.Ordinal)).Select(t => t.Substring(Prefix.Length))], tower);
        if (Key.Length > 0)
        {
            inner.FailUnread(Family.Neutral);
        }
    }

    /// <summary>Adds what is wrong with the tower, where the composition names it.</summary>
    /// <param name="more">Adds what else the composition asks of it.</param>
    public void Validate(BoundModel model, ProblemList p, Action<ProblemList, TransformerAttribute> more)
    {
        var side = Tower(model);
        var inner = new ProblemList(side.Model);
        Family.Validate(side.Model, inner);
        if (inner.Items.Count == 0 && side.Options is TransformerAttribute o)
        {
            more(inner, o);
        }

        if (inner.Items is [var problem, ..])
        {
            p.Add(problem.Rule, model.Architecture, Side == Layers.Side.BridgeName ? "TQFormer" : "T" + char.ToUpperInvariant(Side[0]) + Side.Substring(1), $"of '{side.Model.Spec.Type.Name}', {problem.Message}");
        }
    }

    private Side Tower(BoundModel model) => Layers.Side.All(model).First(s => s.Name == Side);
}
