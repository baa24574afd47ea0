using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>Formats of a tower of pictures and one of text.</summary>
internal abstract class TwoTowers : TowersFamily
{
    protected sealed override string Composition => "Clip";

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (!Holds(model, p))
        {
            return;
        }

        var o = (CompositionAttribute)model.Architecture;
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

    /// <summary>A learned number that is stored without a shape.</summary>
    protected static TensorRule Scalar(string theirs, string ours) => new(theirs, ours) { Stored = static _ => [] };

    /// <summary>The architecture of a Clip; null: the model is none.</summary>
    protected static CompositionAttribute? Clip(BoundModel model) => model.Architecture is CompositionAttribute o && AttributeBinder.NameOf(o.GetType()) == "Clip" ? o : null;

    /// <inheritdoc/>
    protected override void Objective(ConfigFile config, ScaffoldedModel s) => s.Add("Contrastive");

    /// <summary>Adds what the format cannot hold of the composition itself.</summary>
    protected virtual void Options(BoundModel model, CompositionAttribute o, ProblemList p) => Require(p, o, nameof(o.Projection), o.Projection, Projection.Linear);

    /// <summary>Adds what the composition asks of a tower besides what the tower's own format does.</summary>
    protected virtual void Tower(CompositionAttribute c, CheckpointFamily family, TransformerAttribute o, ProblemList p)
    {
    }
}
