using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>Learned queries whose blocks read a tower of pictures.</summary>
internal sealed class QFormer : TowerArchitecture
{
    public override Type Attribute => typeof(QFormerAttribute<>);

    public override void Validate(BoundModel model, ProblemList p)
    {
        var o = (QFormerAttribute<object>)model.Architecture;
        TransformerRules.Validate(model, o, p);
        p.Required(o, nameof(o.Queries), o.Queries, 1 << 16);
        p.Between(o, nameof(o.CrossEvery), o.CrossEvery, 1, Math.Max(1, o.Depth));
        if (o.Positions != Positions.None)
        {
            p.Add(Rules.Conflict, o, nameof(o.Positions), $"Positions.{o.Positions} numbers tokens, and queries are learned, each on its own: leave Positions out");
        }

        if (o.Pooling is not (Pooling.None or Pooling.Cls or Pooling.Mean or Pooling.ClsAndMean))
        {
            p.Add(Rules.Conflict, o, nameof(o.Pooling), $"Pooling.{o.Pooling} is of texts or patches; legal for queries: None, Cls, Mean, ClsAndMean; nearest: Mean");
        }

        foreach (var objective in model.Attributes.OfType<ObjectiveAttribute>().Where(static a => a is CausalLanguageModelAttribute or MaskedLanguageModelAttribute))
        {
            p.Add(Rules.ObjectiveNotSupported, objective, "", $"[{AttributeBinder.NameOf(objective.GetType())}] predicts tokens, and a QFormer reads a picture; legal: [Classification], [FeatureRegression], [SupervisedContrastive]");
        }

        TowerRules.Validate(model, p, Tower);
    }

    public override Features Features(ModelBuilder m, TowerAttribute options, Reading reading)
    {
        var o = (QFormerAttribute<object>)options;
        return Architectures.Tower.Apply(m, o, QueryTokens.Apply(m, o, o.Queries), new Sight(null, IsCausal: false, reading.Memory! with { Every = o.CrossEvery }), prefix: 0);
    }

    protected override Reading Read(ModelBuilder m, BoundModel model) => new(Pictures(m, Side.Of(model)[0]));

    /// <summary>Adds a tower of pictures that is read.</summary>
    public static Memory Pictures(ModelBuilder m, Side image)
    {
        using var tower = m.Tower(image.Name, hasOutputs: true);
        var features = ((TowerArchitecture)ArchitectureCatalogue.Of(image.Model)).Features(m, image.Options!, Reading.Nothing);
        return new Memory(features.Hidden, features.Mask);
    }

    /// <summary>What is wrong with the tower in a place that is for pictures.</summary>
    public static (SpecRule Rule, string Message)? Tower(string parameter, Side side, TowerAttribute tower) => tower is VisionTransformerAttribute or PrecomputedFeaturesAttribute ? null
        : (Rules.NotATower, $"'{side.Model.Spec.Type.Name}' is no tower of pictures, and {parameter} is one: name a class with one of {TowerRules.Pictures}");
}
