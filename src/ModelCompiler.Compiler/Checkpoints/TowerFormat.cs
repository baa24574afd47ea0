using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>A tower within a format of two: the format that it has by itself, below a key of the configuration.</summary>
/// <param name="Side">The tower's name.</param>
/// <param name="Key">Where its configuration lies; empty: its keys lie beside those of the composition.</param>
/// <param name="Prefix">What names of its tensors begin with.</param>
internal sealed record TowerFormat(string Side, CheckpointFamily Family, string Key, string Prefix)
{
    // Names the class of a whole file.
    private const string ClassKey = "architectures";

    public IEnumerable<TensorRule> Tensors(BoundModel model) => Family.Tensors(Tower(model).Model).Select(r => r.Under(Prefix, Tower(model).Prefix, Key));

    public IEnumerable<ConfigValue> Config(BoundModel model) => Family.Config(Tower(model).Model).Where(static v => v.Key != ClassKey).Select(v => Key.Length == 0 ? v : v.Under(Key));

    /// <summary>Adds the tower that a configuration asks for.</summary>
    /// <param name="tensors">Names of all tensors of the file.</param>
    public ScaffoldedModel Read(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        var inner = Key.Length == 0 ? config : config.Under(Key);
        var tower = s.AddSide(Side, inner);
        Family.Read(inner, [.. tensors.Where(t => t.StartsWith(Prefix, StringComparison.Ordinal)).Select(t => t.Substring(Prefix.Length))], tower);
        if (Key.Length > 0)
        {
            inner.FailUnread(Family.Neutral);
        }

        return tower;
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
