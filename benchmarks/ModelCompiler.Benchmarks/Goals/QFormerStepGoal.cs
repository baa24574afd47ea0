using ModelCompiler.Benchmarks.Profile;
using ModelCompiler.Benchmarks.Steps;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>A step of BLIP-2's first stage: 32 queries beside 32 tokens of text, six blocks of width 384 over a picture of 50 tokens, 32 pairs; as a share of the peak.</summary>
internal static class QFormerStepGoal
{
    private const string Name = "qformer-step";

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        if (context.Wants(Name))
        {
            yield return TrainStepGoal.One(context, Name, StepCase.QFormer, InstrumentedModels.Compile());
        }
    }
}
