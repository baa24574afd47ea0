using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>Formats of a tower of pictures and one of text: what they have of their own, and a format for each tower.</summary>
internal abstract class TwoTowers : CheckpointFamily
{
    /// <summary>How a model's towers are stored.</summary>
    protected abstract IReadOnlyList<TowerFormat> Towers(BoundModel model);

    /// <summary>How those of a folder are; none where that has no counterpart, which is noted.</summary>
    protected abstract IReadOnlyList<TowerFormat> Towers(ConfigFile config);

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("Clip");
        foreach (var format in Towers(config))
        {
            Scaffold(config, format.Family, format.Read(config, tensors, s));
        }

        Objective(config, s);
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Clip(model) is not { } o)
        {
            p.Add(Rules.FormatCannotExpress, model.Get<CheckpointAttribute>()!, "format", $"{Format} checkpoints hold a Clip: change the architecture or use CheckpointFormat.Native");
            return;
        }

        if (model.Get<ShareAttribute>() is { } share)
        {
            p.Add(Rules.FormatCannotExpress, share, "", $"{Format} checkpoints hold the weights of both towers: leave [Share] out, or store the model as CheckpointFormat.Native");
        }

        Options(model, o, p);
        Require(p, o, nameof(o.Scale), o.Scale, SimilarityScale.Learned);
        foreach (var format in Towers(model))
        {
            format.Validate(model, p, (inner, tower) => Tower(o, format.Family, tower, inner));
        }
    }

    public override IEnumerable<ConfigValue> Config(BoundModel model) => [.. base.Config(model), .. Towers(model).SelectMany(t => t.Config(model))];

    public override IEnumerable<TensorRule> Tensors(BoundModel model) => [.. Own, .. Towers(model).SelectMany(t => t.Tensors(model))];

    /// <summary>What lies beside the towers: the scale of similarities, and the projections to the joint space.</summary>
    protected abstract IEnumerable<TensorRule> Own { get; }

    /// <summary>A learned number that is stored without a shape.</summary>
    protected static TensorRule Scalar(string theirs, string ours) => new(theirs, ours) { Stored = static _ => [] };

    /// <summary>The architecture of a Clip; null: the model is none.</summary>
    protected static CompositionAttribute? Clip(BoundModel model) => model.Architecture is CompositionAttribute o && AttributeBinder.NameOf(o.GetType()) == "Clip" ? o : null;

    /// <summary>Sets what a composition adds to a tower, and no key of the tower says.</summary>
    protected virtual void Scaffold(ConfigFile config, CheckpointFamily family, ScaffoldedModel tower)
    {
    }

    /// <summary>Adds the objective, and what else no key says of the composition.</summary>
    protected virtual void Objective(ConfigFile config, ScaffoldedModel s) => s.Add("Contrastive");

    /// <summary>Adds what the format cannot hold of the composition itself.</summary>
    protected virtual void Options(BoundModel model, CompositionAttribute o, ProblemList p) => Require(p, o, nameof(o.Projection), o.Projection, Projection.Linear);

    /// <summary>Adds what the composition asks of a tower besides what the tower's own format does.</summary>
    protected virtual void Tower(CompositionAttribute c, CheckpointFamily family, TransformerAttribute o, ProblemList p)
    {
    }
}
