using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Benchmarks.Profile;
using ModelCompiler.Benchmarks.Steps;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>A training step of two towers: ViT-S/16 at 128 pixels and six blocks over 32 tokens, 32 pairs; as a share of the peak, and in turn with TorchSharp's.</summary>
internal static class ClipStepGoal
{
    private const string Share = "clip-step/share", Peer = "clip-step/peer";

    private static double PeerGoal => Processor.IsAmd ? 2.0 : 1.3;

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        if (context.Wants(Share))
        {
            yield return TrainStepGoal.One(context, Share, StepCase.Clip, InstrumentedModels.Compile());
        }

        if (context.Wants(Peer))
        {
            yield return PeerStepGoal.One(context, Peer, StepCase.Clip, PeerGoal);
        }
    }
}
