using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>The rules of models of two towers: what their type arguments are, how widths meet, what trains them.</summary>
internal static class CompositionRules
{
    public static void Validate(BoundModel model, ProblemList p)
    {
        var o = (CompositionAttribute)model.Architecture;
        Objectives(model, p);
        TrainingRules.Validate(model, p);
        p.Between(o, nameof(o.Temperature), o.Temperature, 0, 1e3, 0.07, open: true);
        p.Between(o, nameof(o.ScaleLimit), o.ScaleLimit, 0, 1e6, 100);
        p.Between(o, nameof(o.ScaleFloor), o.ScaleFloor, 0, 1e6, 2);
        p.Between(o, nameof(o.InitialBias), o.InitialBias, -1e3, 1e3, -10);
        Idle(model, o, p);
        if (p.Items.Count == 0 && JointSpace.LearnsScale(o.Scale) && o.ScaleLimit > 0 && o.ScaleLimit * o.Temperature <= 1)
        {
            p.Add(Rules.Conflict, o, nameof(o.ScaleLimit), FormattableString.Invariant($"ScaleLimit ({o.ScaleLimit}) must be more than 1 / Temperature ({1 / o.Temperature:0.###}), where the scale starts: raise one of them"));
        }

        if (p.Items.Count == 0 && o.ScaleFloor > 0)
        {
            Floor(o, p);
        }

        Momentum(model, o, p);
        if (TowerRules.Validate(model, p, Tower) is { } sides)
        {
            Widths(o, sides, p);
        }
    }

    // What is written, and nothing reads; no limit is what there is anyway.
    private static void Idle(BoundModel model, CompositionAttribute o, ProblemList p)
    {
        if (!JointSpace.LearnsScale(o.Scale) && o.ScaleLimit > 0 && model.IsWritten(o, nameof(o.ScaleLimit)))
        {
            p.Add(Rules.NeedsOption, o, nameof(o.ScaleLimit), $"ScaleLimit holds a learned scale, and Scale is {o.Scale}: set Scale to Learned or LearnedTemperature, or leave ScaleLimit out");
        }

        if (!o.Bias && model.IsWritten(o, nameof(o.InitialBias)))
        {
            p.Add(Rules.NeedsOption, o, nameof(o.InitialBias), "InitialBias is what a learned bias starts from, and Bias is false: set Bias to true, or leave InitialBias out");
        }
    }

    private static void Floor(CompositionAttribute o, ProblemList p)
    {
        if (!JointSpace.LearnsScale(o.Scale))
        {
            p.Add(Rules.NeedsOption, o, nameof(o.ScaleFloor), $"ScaleFloor holds a learned scale, and Scale is {o.Scale}: set Scale to Learned or LearnedTemperature, or leave ScaleFloor out");
        }
        else if (o.ScaleFloor * o.Temperature >= 1)
        {
            p.Add(Rules.Conflict, o, nameof(o.ScaleFloor), FormattableString.Invariant($"ScaleFloor ({o.ScaleFloor}) must be less than 1 / Temperature ({1 / o.Temperature:0.###}), where the scale starts: lower one of them"));
        }
    }

    private static (SpecRule Rule, string Message)? Tower(string parameter, Side side, TowerAttribute tower)
    {
        var name = side.Model.Spec.Type.Name;
        return side.Name switch
        {
            "image" when tower is not (VisionTransformerAttribute or PrecomputedFeaturesAttribute) => (Rules.NotATower, $"'{name}' reads text, and {parameter} is the tower of pictures: name a class with one of {TowerRules.Pictures}"),
            "text" when tower is not (TextTransformerAttribute or PrecomputedFeaturesAttribute) => (Rules.NotATower, $"'{name}' reads pictures, and {parameter} is the tower of text: name a class with one of {TowerRules.Texts}"),
            _ when tower.Pooling == Pooling.None => (Rules.NeedsOption, $"'{name}' has no vector for a whole {(side.Inputs switch { InputKind.Tokens => "text", InputKind.Pictures => "picture", _ => "sample" })}, because its Pooling is None: set Pooling of its {AttributeBinder.NameOf(tower.GetType())} to {TransformerRules.Poolings(tower)}"),
            _ => null,
        };
    }

    private static void Widths(CompositionAttribute o, IReadOnlyList<Side> sides, ProblemList p)
    {
        if (o.Projection != Projection.None)
        {
            p.Required(o, nameof(o.Embedding), o.Embedding, 1 << 16);
            return;
        }

        var (first, second) = (sides[0].PooledWidth, sides[1].PooledWidth);
        if (first != second)
        {
            p.Add(Rules.Conflict, o, nameof(o.Projection), $"'{sides[0].Model.Spec.Type.Name}' gives {first} channels and '{sides[1].Model.Spec.Type.Name}' {second}, so they cannot meet without projections: set Projection to Linear or Mlp, or give both one width");
        }
        else if (o.Embedding != 0 && o.Embedding != first)
        {
            p.Add(Rules.Conflict, o, nameof(o.Embedding), $"Embedding ({o.Embedding}) is another width than the towers' {first}, and Projection is None: leave Embedding out, or set Projection to Linear or Mlp");
        }
    }

    private static void Objectives(BoundModel model, ProblemList p)
    {
        foreach (var objective in model.Attributes.OfType<ObjectiveAttribute>().Where(static a => a is not PairObjectiveAttribute))
        {
            var what = objective switch
            {
                QueryObjectiveAttribute => "is for queries beside texts",
                SupervisedContrastiveAttribute => "compares samples of one tower, and of two [Contrastive(ByIds = true)] says which pairs belong together",
                _ => "is for a model of one tower",
            };
            p.Add(Rules.ObjectiveNotSupported, objective, "", $"[{AttributeBinder.NameOf(objective.GetType())}] {what}; legal for two: {ObjectiveRules.Names(ofPairs: true)}");
        }

        foreach (var objective in model.Attributes.OfType<PairObjectiveAttribute>())
        {
            Options(objective, p);
        }

        ObjectiveRules.Weights(model, p);
        Scale(model, p);
        Measure(model, p);
    }

    private static void Measure(BoundModel model, ProblemList p)
    {
        var o = (CompositionAttribute)model.Architecture;
        if (o.Measure == SimilarityMeasure.Cosine)
        {
            return;
        }

        if (o.Scale != SimilarityScale.None)
        {
            p.Add(Rules.Conflict, o, nameof(o.Measure), $"Measure is {o.Measure}, whose similarities nothing multiplies, and Scale is {o.Scale}: set Scale to None, or leave Measure out");
        }

        foreach (var objective in model.Attributes.OfType<PairObjectiveAttribute>().Where(static a => a is not TripletAttribute))
        {
            p.Add(Rules.Conflict, objective, "", $"[{AttributeBinder.NameOf(objective.GetType())}] compares cosines, and Measure is {o.Measure}: use [Triplet], or leave Measure out");
        }
    }

    private static void Options(PairObjectiveAttribute objective, ProblemList p)
    {
        switch (objective)
        {
            case ContrastiveAttribute c:
                p.Between(c, nameof(c.SoftTargets), c.SoftTargets, 0, 1, 0.4);
                break;
            case TripletAttribute { Margin: not (> 0 and <= 2) } t:
                p.Add(Rules.OutOfRange, t, nameof(t.Margin), FormattableString.Invariant($"Margin ({t.Margin}) must be above 0 and at most 2, which is as far as cosines are apart; usual: 0.2"));
                break;
            case SimilarityDistillationAttribute d:
                p.Required(d, nameof(d.TeacherWidth), d.TeacherWidth, 1 << 16);
                p.Between(d, nameof(d.TeacherScale), d.TeacherScale, 0, 1e6, 100, open: true);
                break;
        }
    }

    private static void Momentum(BoundModel model, CompositionAttribute o, ProblemList p)
    {
        p.Between(o, nameof(o.Momentum), o.Momentum, 0, 1, 0.995);
        if (p.Between(o, nameof(o.Queue), o.Queue, 0, 1 << 24) && model.Get<AccumulateAttribute>() is { Batches: > 1 } accumulate)
        {
            p.Multiple(o, nameof(o.Queue), o.Queue, accumulate.Batches, $"the {accumulate.Batches} batches of [Accumulate], whose vectors all go into it");
        }

        var contrastive = model.Get<ContrastiveAttribute>();
        foreach (var option in new[] { o.Momentum > 0 ? nameof(o.Momentum) : "", o.Queue > 0 ? nameof(o.Queue) : "" }.Where(static n => n.Length > 0))
        {
            if (contrastive is null)
            {
                p.Add(Rules.NeedsOption, o, option, $"{option} is read by [Contrastive] alone, and '{model.Spec.Type.Name}' has no such objective: add it, or leave {option} out");
            }
            else if (contrastive.ByIds)
            {
                p.Add(Rules.Conflict, contrastive, nameof(contrastive.ByIds), $"with {option}, [Contrastive] compares with vectors that have no ids: leave ByIds or {option} out");
            }
        }

        if (contrastive is { BatchNegatives: false } && o.Queue == 0)
        {
            p.Add(Rules.NeedsOption, contrastive, nameof(contrastive.BatchNegatives), $"without BatchNegatives those of a queue alone are left, and there is none: set Queue of {AttributeBinder.NameOf(o.GetType())} to a multiple of the batch, or leave BatchNegatives out");
        }

        if (contrastive is { SoftTargets: > 0 } && o.Momentum == 0)
        {
            p.Add(Rules.NeedsOption, contrastive, nameof(contrastive.SoftTargets), $"SoftTargets are the similarities of momentum copies, and there are none: set Momentum of {AttributeBinder.NameOf(o.GetType())} to 0.995, for example, or leave SoftTargets out");
        }
    }

    // What no loss reads would stay where it starts, and say something else than training shows.
    private static void Scale(BoundModel model, ProblemList p)
    {
        var o = (CompositionAttribute)model.Architecture;
        if (model.Get<PairObjectiveAttribute>() is not { } objective)
        {
            return;
        }

        var name = AttributeBinder.NameOf(objective.GetType());
        if (!model.Attributes.OfType<PairObjectiveAttribute>().Any(JointSpace.ReadsScale) && JointSpace.LearnsScale(o.Scale))
        {
            p.Add(Rules.Conflict, o, nameof(o.Scale), $"[{name}] compares cosines before they are scaled, so nothing trains the scale: set Scale to None or Fixed, or add an objective that reads it, such as [Contrastive]");
        }
        else if (o.Bias && model.Get<PairwiseSigmoidAttribute>() is null)
        {
            p.Add(Rules.Conflict, o, nameof(o.Bias), $"[{name}] does not see a number that all similarities get, so nothing trains the bias: leave Bias out, or add [PairwiseSigmoid]");
        }
    }
}
