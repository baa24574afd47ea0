using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>The rules of objectives of one tower: one of them predicts, and what each needs of the tower.</summary>
internal static class ObjectiveRules
{
    public static void Validate(BoundModel model, TransformerAttribute o, ProblemList p)
    {
        OnePrediction(model, p);
        Weights(model, p);
        if (model.Get<ClassificationAttribute>() is { } c)
        {
            p.Required(c, nameof(c.Classes), c.Classes, least: c.MultiLabel ? 1 : 2);
            Pooled(o, c, "", "Classification reads", p);
            if (c.Distilled && o is not VisionTransformerAttribute { DistillationToken: true })
            {
                p.Add(Rules.NeedsOption, c, nameof(c.Distilled), "Distilled reads the distillation token, and the model has none: set DistillationToken of a VisionTransformer to true, or leave Distilled out");
            }

            Targets(c, p);
        }

        LanguageModel(model, p);
        if (model.Get<FeatureRegressionAttribute>() is { } f)
        {
            if (!f.Hidden && !f.Pooled)
            {
                p.Add(Rules.Conflict, f, nameof(f.Hidden), "Hidden and Pooled are both false, so FeatureRegression compares nothing: set one of them to true");
            }

            if (f.Pooled)
            {
                Pooled(o, f, nameof(f.Pooled), "Pooled compares", p);
            }
        }

        if (model.Get<SupervisedContrastiveAttribute>() is { } s)
        {
            Pooled(o, s, "", "SupervisedContrastive compares", p);
            p.Between(s, nameof(s.Temperature), s.Temperature, 0, 1e3, 0.1, open: true);
            if (model.Get<ClassificationAttribute>() is { } labelled && (labelled.MultiLabel || labelled.Targets == ClassTargets.Probabilities))
            {
                p.Add(Rules.Conflict, s, "", $"[SupervisedContrastive] compares samples by the numbers of their classes, and {(labelled.MultiLabel ? "with MultiLabel a sample has several" : "Targets says how much a sample is of each")}: give [Classification] one label a sample, or leave [SupervisedContrastive] out");
            }

            if (model.Get<AccumulateAttribute>() is { Batches: > 1 } accumulate)
            {
                p.Add(Rules.Conflict, accumulate, "batches", "[SupervisedContrastive] tells the samples of one batch from each other, and those of several batches never meet: make batches larger instead, and leave [Accumulate] out");
            }
        }

        if (model.Get<PairObjectiveAttribute>() is { } pairs)
        {
            p.Add(Rules.ObjectiveNotSupported, pairs, "", $"[{AttributeBinder.NameOf(pairs.GetType())}] compares two towers, and a {AttributeBinder.NameOf(o.GetType())} is one: give it to a class with [Clip<TImage, TText>] or [DualEncoder<TFirst, TSecond>] that names this one");
        }

        if (model.Get<QueryObjectiveAttribute>() is { } queries)
        {
            p.Add(Rules.ObjectiveNotSupported, queries, "", $"[{AttributeBinder.NameOf(queries.GetType())}] is of queries beside texts, and a {AttributeBinder.NameOf(o.GetType())} is one tower: give it to a class with [Blip2Pretraining<TImage, TQFormer, TText>] that names this one");
        }

        if (model.Get<MaskedLanguageModelAttribute>() is { NextSentence: true } m)
        {
            Pooled(o, m, nameof(m.NextSentence), "NextSentence reads", p);
        }
    }

    /// <summary>Each weight is above 0.</summary>
    public static void Weights(BoundModel model, ProblemList p)
    {
        foreach (var objective in model.Attributes.OfType<ObjectiveAttribute>())
        {
            p.Between(objective, nameof(objective.Weight), objective.Weight, 0, 1e6, 1, open: true);
        }
    }

    private static void OnePrediction(BoundModel model, ProblemList p)
    {
        foreach (var second in model.Attributes.OfType<ObjectiveAttribute>().Where(a => a is (ClassificationAttribute or CausalLanguageModelAttribute or MaskedLanguageModelAttribute) && a != model.Prediction))
        {
            var (one, other) = (AttributeBinder.NameOf(model.Prediction!.GetType()), AttributeBinder.NameOf(second.GetType()));
            p.Add(Rules.SeveralOfAKind, second, "", $"'{model.Spec.Type.Name}' predicts by [{one}] already, and a model has one head: remove [{one}] or [{other}]");
        }
    }

    /// <summary>The objectives of one tower or of two, as a message lists them.</summary>
    public static string Names(bool ofPairs) => ofPairs ? Names<PairObjectiveAttribute>() : List(static t => !typeof(PairObjectiveAttribute).IsAssignableFrom(t) && !typeof(QueryObjectiveAttribute).IsAssignableFrom(t));

    /// <summary>The objectives of a kind.</summary>
    public static string Names<T>() => List(typeof(T).IsAssignableFrom);

    private static string List(Func<Type, bool> which) => string.Join(", ", AttributeBinder.Types.Where(t => typeof(ObjectiveAttribute).IsAssignableFrom(t) && which(t)).Select(static t => $"[{AttributeBinder.NameOf(t)}]"));

    /// <summary>The rules of [CausalLanguageModel], whose decoder may be a part of the model.</summary>
    public static void LanguageModel(BoundModel model, ProblemList p)
    {
        if (model.Get<CausalLanguageModelAttribute>() is { } c)
        {
            p.Between(c, nameof(c.LabelSmoothing), c.LabelSmoothing, 0, 1, usual: 0.1);
        }
    }

    private static void Targets(ClassificationAttribute c, ProblemList p)
    {
        p.Between(c, nameof(c.LabelSmoothing), c.LabelSmoothing, 0, 1, usual: 0.1);
        if (c.MultiLabel && c.Targets == ClassTargets.Probabilities)
        {
            p.Add(Rules.Conflict, c, nameof(c.Targets), "ClassTargets.Probabilities says how much a sample is of each class, but with MultiLabel every class is a yes or no of its own, and Labels hold a number for each: leave one of them out");
        }

        if (c.MultiLabel && c.LabelSmoothing != 0)
        {
            p.Add(Rules.Conflict, c, nameof(c.LabelSmoothing), "LabelSmoothing moves a share of one class to all, but with MultiLabel every class is a yes or no of its own: leave it out, and give Labels between 0 and 1");
        }

        Focal(c, p);
        Teacher(c, p);
    }

    private static void Focal(ClassificationAttribute c, ProblemList p)
    {
        p.Between(c, nameof(c.Focal), c.Focal, 0, 100, usual: 2);
        p.Between(c, nameof(c.FocalAlpha), c.FocalAlpha, 0, 1, usual: 0.25);
        if (c.Focal != 0 && !c.MultiLabel)
        {
            p.Add(Rules.Conflict, c, nameof(c.Focal), "Focal is of classes that are a yes or no each: set MultiLabel to true and give a number for each class, or leave Focal out");
        }

        if (c.FocalAlpha != 0 && c.Focal == 0)
        {
            p.Add(Rules.Conflict, c, nameof(c.FocalAlpha), "FocalAlpha weighs the focal loss, and Focal is 0: set Focal, usually to 2, or leave FocalAlpha out");
        }
    }

    private static void Teacher(ClassificationAttribute c, ProblemList p)
    {
        p.Between(c, nameof(c.TeacherShare), c.TeacherShare, 0, 1, usual: 0.7);
        p.Between(c, nameof(c.TeacherTemperature), c.TeacherTemperature, 0, 1e3, 2, open: true);
        if (c.TeacherShare == 0)
        {
            if (c.TeacherTemperature != 1)
            {
                p.Add(Rules.Conflict, c, nameof(c.TeacherTemperature), "TeacherTemperature softens what a teacher says, and TeacherShare is 0, so there is none: set TeacherShare, usually to 0.7, or leave TeacherTemperature out");
            }
        }
        else if (c.MultiLabel)
        {
            p.Add(Rules.Conflict, c, nameof(c.TeacherShare), "TeacherShare compares softmaxes over classes, but with MultiLabel every class is a yes or no of its own: leave it out, and give the teacher's probabilities as Labels");
        }
        else if (c.Distilled)
        {
            p.Add(Rules.Conflict, c, nameof(c.TeacherShare), "With Distilled a head of its own learns the teacher's labels, and TeacherShare compares the first head with its logits: leave one of them out");
        }
    }

    private static void Pooled(TransformerAttribute o, Attribute at, string argument, string what, ProblemList p)
    {
        if (o.Pooling == Pooling.None)
        {
            p.Add(Rules.NeedsOption, at, argument, $"{what} one vector a sample, but Pooling is None: set Pooling of the architecture to {TransformerRules.Poolings(o)}");
        }
    }
}
