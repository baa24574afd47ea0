using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>Vectors that the caller gives.</summary>
internal sealed class PrecomputedFeatures : TowerArchitecture
{
    public override Type Attribute => typeof(PrecomputedFeaturesAttribute);

    public override void Validate(BoundModel model, ProblemList p)
    {
        var o = (PrecomputedFeaturesAttribute)model.Architecture;
        p.Required(o, nameof(o.Width), o.Width);
        p.Required(o, nameof(o.Tokens), o.Tokens, 1 << 16);
        if (o.Pooling is not (Pooling.None or Pooling.Cls or Pooling.Mean))
        {
            p.Add(Rules.Conflict, o, nameof(o.Pooling), $"Pooling.{o.Pooling} is of texts or patches; legal for given vectors: None, Cls, Mean; nearest: Mean");
        }

        if (o.Padded && o.Tokens == 1)
        {
            p.Add(Rules.NeedsOption, o, nameof(o.Padded), "Padded says that a sample may have fewer vectors than Tokens, and Tokens is 1: set Tokens to the most that a sample has, or leave Padded out");
        }

        foreach (var objective in model.Attributes.OfType<ObjectiveAttribute>())
        {
            p.Add(Rules.ObjectiveNotSupported, objective, "", $"[{AttributeBinder.NameOf(objective.GetType())}] trains parameters, and given vectors have none: give it to a model that names '{model.Spec.Type.Name}', such as one with [DualEncoder<TFirst, TSecond>] or [QFormer<TImage>]");
        }

        foreach (var idle in model.Attributes.Where(static a => a is FreezeAttribute or OptimizerAttribute or ScheduleAttribute or ClipGradientsAttribute or AccumulateAttribute or AverageWeightsAttribute or MixedPrecisionAttribute))
        {
            p.Add(Rules.NeedsOption, idle, "", $"[{AttributeBinder.NameOf(idle.GetType())}] is of parameters that train, and given vectors have none: remove it");
        }
    }

    public override Features Features(ModelBuilder m, TowerAttribute options, Reading reading) => GivenVectors.Apply(m, (PrecomputedFeaturesAttribute)options);
}
