using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>The rules that every transformer shares.</summary>
internal static class TransformerRules
{
    public static void Validate(BoundModel model, TransformerAttribute o, ProblemList p)
    {
        var hasWidth = p.Required(o, nameof(o.Width), o.Width);
        p.Required(o, nameof(o.Depth), o.Depth, 4096);
        if (p.Required(o, nameof(o.Heads), o.Heads) && hasWidth)
        {
            p.Multiple(o, nameof(o.Width), o.Width, nameof(o.Heads), o.Heads);
        }

        p.Between(o, nameof(o.FeedForward), o.FeedForward, 0, 1 << 24);
        p.Between(o, nameof(o.NormEpsilon), o.NormEpsilon, 0, 1, open: true);
        p.Between(o, nameof(o.LayerScale), o.LayerScale, 0, 1e6);
        p.Between(o, nameof(o.EmbeddingDropout), o.EmbeddingDropout, 0, 1);
        p.Between(o, nameof(o.AttentionDropout), o.AttentionDropout, 0, 1);
        p.Between(o, nameof(o.ResidualDropout), o.ResidualDropout, 0, 1);
        p.Between(o, nameof(o.HeadDropout), o.HeadDropout, 0, 1);
        p.Between(o, nameof(o.InitialDeviation), o.InitialDeviation, 0, 1e3, open: true);
        if (o.Pooling == Pooling.None && o.PoolNorm)
        {
            p.Add(Rules.NeedsOption, o, nameof(o.PoolNorm), "PoolNorm needs a pooled vector: set Pooling to Cls, Mean or Last, or leave PoolNorm out");
        }

        if (o.Pooling == Pooling.None && o.Pooler != Pooler.None)
        {
            p.Add(Rules.NeedsOption, o, nameof(o.Pooler), "Pooler needs a pooled vector: set Pooling to Cls, Mean or Last, or leave Pooler out");
        }

        Objectives(model, o, p);
        Training(model, p);
    }

    /// <summary>Whether a norm stands behind the last block.</summary>
    public static bool HasFinalNorm(TransformerAttribute o) => o.FinalNorm == Toggle.On || (o.FinalNorm == Toggle.Auto && o.NormPlacement == NormPlacement.Pre);

    private static void Objectives(BoundModel model, TransformerAttribute o, ProblemList p)
    {
        Single<ObjectiveAttribute>(model, p, "objective");
        if (model.Get<ClassificationAttribute>() is { } c)
        {
            var least = c.MultiLabel ? 1 : 2;
            if (c.Classes == 0)
            {
                p.Add(Rules.MissingArgument, c, nameof(c.Classes), $"Classes is missing: set it to {least} or more");
            }
            else
            {
                p.Between(c, nameof(c.Classes), c.Classes, least, 1 << 24);
            }

            Pooled(o, c, "", "Classification reads", p);
        }

        if (model.Get<FeatureRegressionAttribute>() is { } f)
        {
            if (!f.Hidden && !f.Pooled)
            {
                p.Add(Rules.Conflict, f, nameof(f.Hidden), "FeatureRegression compares nothing: set Hidden, Pooled or both");
            }

            if (f.Pooled)
            {
                Pooled(o, f, nameof(f.Pooled), "Pooled compares", p);
            }
        }

        if (model.Get<MaskedLanguageModelAttribute>() is { NextSentence: true } m)
        {
            Pooled(o, m, nameof(m.NextSentence), "NextSentence reads", p);
        }
    }

    private static void Pooled(TransformerAttribute o, Attribute at, string argument, string what, ProblemList p)
    {
        if (o.Pooling == Pooling.None)
        {
            p.Add(Rules.NeedsOption, at, argument, $"{what} one vector a sample, but Pooling is None: set Pooling of the architecture to Cls, Mean or Last");
        }
    }

    private static void Training(BoundModel model, ProblemList p)
    {
        Single<OptimizerAttribute>(model, p, "optimizer");
        Single<ScheduleAttribute>(model, p, "schedule");
        if (model.Get<OptimizerAttribute>() is { } optimizer)
        {
            p.Between(optimizer, nameof(optimizer.LearningRate), optimizer.LearningRate, 0, 1e3, open: true);
            p.Between(optimizer, nameof(optimizer.WeightDecay), optimizer.WeightDecay, 0, 1e3);
        }

        switch (model.Get<OptimizerAttribute>())
        {
            case AdamWAttribute a:
                p.Between(a, nameof(a.Beta1), a.Beta1, 0, 1);
                p.Between(a, nameof(a.Beta2), a.Beta2, 0, 1);
                p.Between(a, nameof(a.Epsilon), a.Epsilon, 0, 1, open: true);
                break;
            case LionAttribute l:
                p.Between(l, nameof(l.Beta1), l.Beta1, 0, 1);
                p.Between(l, nameof(l.Beta2), l.Beta2, 0, 1);
                break;
            case SgdAttribute s:
                p.Between(s, nameof(s.Momentum), s.Momentum, 0, 1);
                if (s.Nesterov && s.Momentum == 0)
                {
                    p.Add(Rules.NeedsOption, s, nameof(s.Nesterov), "Nesterov needs a Momentum above 0");
                }

                break;
        }

        if (model.Get<ScheduleAttribute>() is { } schedule)
        {
            p.Between(schedule, nameof(schedule.Warmup), schedule.Warmup, schedule is InverseSquareRootScheduleAttribute ? 1 : 0, int.MaxValue);
            switch (schedule)
            {
                case CosineScheduleAttribute c:
                    Decay(c, c.Steps, c.Minimum, c.Warmup, p);
                    break;
                case LinearScheduleAttribute l:
                    Decay(l, l.Steps, l.Minimum, l.Warmup, p);
                    break;
            }
        }

        if (model.Get<ClipGradientsAttribute>() is { } clip)
        {
            p.Between(clip, "norm", clip.Norm, 0, double.PositiveInfinity, open: true);
        }

        if (model.Get<AccumulateAttribute>() is { } accumulate)
        {
            p.Between(accumulate, "batches", accumulate.Batches, 1, 1 << 20);
        }

        if (model.Get<AverageWeightsAttribute>() is { } average)
        {
            p.Between(average, "decay", average.Decay, 0, 1);
        }
    }

    private static void Decay(ScheduleAttribute s, int steps, double minimum, int warmup, ProblemList p)
    {
        if (steps == 0)
        {
            p.Add(Rules.MissingArgument, s, "Steps", $"Steps is missing: set it to more than Warmup ({warmup})");
        }
        else if (steps <= warmup)
        {
            p.Add(Rules.OutOfRange, s, "Steps", $"Steps ({steps}) must be more than Warmup ({warmup}); nearest: {(long)warmup + 1}");
        }

        if (minimum is < 0 or > 1 or double.NaN)
        {
            p.Add(Rules.OutOfRange, s, "Minimum", FormattableString.Invariant($"Minimum ({minimum}) is a part of the full rate and must be 0 to 1"));
        }
    }

    private static void Single<T>(BoundModel model, ProblemList p, string kind)
        where T : Attribute
    {
        foreach (var second in model.Attributes.OfType<T>().Skip(1))
        {
            p.Add(Rules.SeveralOfAKind, second, "", $"a model has one {kind}, but {AttributeBinder.NameOf(model.Get<T>()!.GetType())} is there too: remove one");
        }
    }
}
