using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>The rules of optimizers, schedules and what else a training step does.</summary>
internal static class TrainingRules
{
    public static void Validate(BoundModel model, ProblemList p)
    {
        p.Single<OptimizerAttribute>("optimizer");
        p.Single<ScheduleAttribute>("schedule");
        if (model.Get<OptimizerAttribute>() is { } optimizer)
        {
            Optimizer(optimizer, p);
        }

        if (model.Get<ScheduleAttribute>() is { } schedule)
        {
            Schedule(schedule, p);
        }

        if (model.Get<ClipGradientsAttribute>() is { } clip)
        {
            p.Between(clip, "norm", clip.Norm, 0, double.PositiveInfinity, 1, open: true);
        }

        if (model.Get<AccumulateAttribute>() is { } accumulate)
        {
            p.Between(accumulate, "batches", accumulate.Batches, 1, 1 << 20);
        }

        if (model.Get<AverageWeightsAttribute>() is { } average)
        {
            p.Between(average, "decay", average.Decay, 0, 1, 0.999);
        }

        if (model.Get<ObjectiveAttribute>() is null)
        {
            var objectives = model.Architecture is Blip2PretrainingAttribute<object, object, object> ? ObjectiveRules.Names<QueryObjectiveAttribute>() : model.Architecture is TowersAttribute and not CompositionAttribute ? "[CausalLanguageModel]" : ObjectiveRules.Names(model.Architecture is CompositionAttribute);
            foreach (var idle in model.Attributes.Where(static a => a is OptimizerAttribute or ScheduleAttribute or ClipGradientsAttribute or AccumulateAttribute or AverageWeightsAttribute or MixedPrecisionAttribute))
            {
                var name = AttributeBinder.NameOf(idle.GetType());
                p.Add(Rules.NeedsOption, idle, "", $"[{name}] trains a loss, and '{model.Spec.Type.Name}' has none: add one of {objectives}, or remove [{name}]");
            }
        }
    }

    private static void Optimizer(OptimizerAttribute optimizer, ProblemList p)
    {
        p.Between(optimizer, nameof(optimizer.LearningRate), optimizer.LearningRate, 0, 1e3, 1e-3, open: true);
        p.Between(optimizer, nameof(optimizer.WeightDecay), optimizer.WeightDecay, 0, 1e3, 0.01);
        switch (optimizer)
        {
            case AdamWAttribute a:
                p.Between(a, nameof(a.Beta1), a.Beta1, 0, 1, 0.9);
                p.Between(a, nameof(a.Beta2), a.Beta2, 0, 1, 0.999);
                p.Between(a, nameof(a.Epsilon), a.Epsilon, 0, 1, 1e-8, open: true);
                break;
            case LionAttribute l:
                p.Between(l, nameof(l.Beta1), l.Beta1, 0, 1, 0.9);
                p.Between(l, nameof(l.Beta2), l.Beta2, 0, 1, 0.99);
                break;
            case SgdAttribute s:
                p.Between(s, nameof(s.Momentum), s.Momentum, 0, 1, 0.9);
                if (s.Nesterov && s.Momentum == 0)
                {
                    p.Add(Rules.NeedsOption, s, nameof(s.Nesterov), "Nesterov needs a Momentum above 0, but Momentum is 0: set it to 0.9, for example, or leave Nesterov out");
                }

                break;
        }
    }

    private static void Schedule(ScheduleAttribute schedule, ProblemList p)
    {
        if (schedule is InverseSquareRootScheduleAttribute)
        {
            p.Required(schedule, nameof(schedule.Warmup), schedule.Warmup, int.MaxValue);
            return;
        }

        p.Between(schedule, nameof(schedule.Warmup), schedule.Warmup, 0, int.MaxValue - 1);
        switch (schedule)
        {
            case CosineScheduleAttribute c:
                Decay(c, c.Steps, c.Minimum, p);
                break;
            case LinearScheduleAttribute l:
                Decay(l, l.Steps, l.Minimum, p);
                break;
        }
    }

    private static void Decay(ScheduleAttribute s, int steps, double minimum, ProblemList p)
    {
        if (p.Required(s, "Steps", steps, int.MaxValue) && steps <= s.Warmup)
        {
            p.Add(Rules.OutOfRange, s, "Steps", $"Steps ({steps}) must be more than Warmup ({s.Warmup}); nearest: {(long)s.Warmup + 1}");
        }

        p.Part(s, "Minimum", minimum);
    }
}
