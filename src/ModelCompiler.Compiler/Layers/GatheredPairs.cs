using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Layers;

/// <summary>
/// A training step on several batches whose pairs all meet, as if they were one batch (Gao et al. 2021, arXiv:2101.06983): the features of each batch are gathered, all are compared at
/// once, which gives the loss and the slope of every feature, and backward begins at these, batch by batch. A batch draws the same dropout both times.
/// </summary>
internal static class GatheredPairs
{
    /// <summary>Name of the gradient of a side's features, which one program gives and another one takes.</summary>
    public static string SlopeOf(string features) => features + "_slope";

    /// <summary>Whether a model trains so.</summary>
    public static bool Of(BoundModel model) => model.Get<PairObjectiveAttribute>() is not null && model.Architecture is CompositionAttribute && model.Get<AccumulateAttribute>() is { Batches: > 1 };

    /// <summary>The first program hands over what is compared: features, and those of the copies that follow where there are some.</summary>
    public static void Give(ModelBuilder m, Side side, Value features, Value? momentum)
    {
        m.Graph.Output(side.Features, features);
        if (momentum is not null)
        {
            m.Graph.Output(side.Name + MomentumState.Keys, momentum);
        }
    }

    /// <summary>What the second program compares: the same, of all batches.</summary>
    /// <param name="learns">Whether anything below the features learns.</param>
    public static Value Take(ModelBuilder m, Side side, int width, bool learns) =>
        m.Graph.Apply(new InputOp(side.Features, Vectors(width), ElementType.Float) { SlopeAs = learns ? SlopeOf(side.Features) : null });

    /// <inheritdoc cref="Take"/>
    public static Value TakeMomentum(ModelBuilder m, Side side, int width) => m.Graph.Apply(new InputOp(side.Name + MomentumState.Keys, Vectors(width), ElementType.Float));

    /// <summary>Backward begins at the features of the third program.</summary>
    public static void Begin(ModelBuilder m, Side side, Value features)
    {
        m.Graph.Output(side.Features, features);
        m.Graph.Apply(new InputOp(SlopeOf(side.Features), features.Shape, ElementType.Float) { SlopeOf = side.Features });
    }

    private static Shape Vectors(int width) => Shape.Of(("sample", Extent.Batch), ("embedding", width));
}
