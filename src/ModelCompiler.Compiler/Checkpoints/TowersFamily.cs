using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>Formats of models of several towers: what they have of their own, and a format for each tower.</summary>
internal abstract class TowersFamily : CheckpointFamily
{
    /// <summary>Name of the attribute that makes the model of its towers.</summary>
    protected abstract string Composition { get; }

    /// <summary>How a model's towers are stored.</summary>
    protected abstract IReadOnlyList<TowerFormat> Towers(BoundModel model);

    /// <summary>How those of a folder are; none where that has no counterpart, which is noted.</summary>
    protected abstract IReadOnlyList<TowerFormat> Towers(ConfigFile config);

    /// <summary>What lies beside the towers.</summary>
    protected abstract IEnumerable<TensorRule> Own { get; }

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add(Composition);
        foreach (var format in Towers(config))
        {
            var tower = format.Read(config, tensors, s);
            Scaffold(config, format.Family, tower);
            if (format.ReadAgain(config, tensors) is { } again)
            {
                Scaffold(config, format.Family, again);
                again.FailDifferences(tower);
            }
        }

        Objective(config, s);
    }

    public override IEnumerable<ConfigValue> Config(BoundModel model) => [.. base.Config(model), .. Towers(model).SelectMany(t => t.Config(model))];

    public override IEnumerable<TensorRule> Tensors(BoundModel model) => [.. Own, .. Towers(model).SelectMany(t => t.Tensors(model))];

    /// <summary>Sets what a composition adds to a tower, and no key of the tower says.</summary>
    protected virtual void Scaffold(ConfigFile config, CheckpointFamily family, ScaffoldedModel tower)
    {
    }

    /// <summary>Adds the objective, and what else no key says of the composition.</summary>
    protected abstract void Objective(ConfigFile config, ScaffoldedModel s);

    /// <summary>Whether the model is made of towers as the format has them; adds a problem where not.</summary>
    protected bool Holds(BoundModel model, ProblemList p)
    {
        if (AttributeBinder.NameOf(model.Architecture.GetType()) == Composition)
        {
            return true;
        }

        p.Add(Rules.FormatCannotExpress, model.Get<CheckpointAttribute>()!, "format", $"{Format} checkpoints hold {("AEIOU".IndexOf(Composition[0]) < 0 ? "a" : "an")} {Composition}: change the architecture or use CheckpointFormat.Native");
        return false;
    }
}
