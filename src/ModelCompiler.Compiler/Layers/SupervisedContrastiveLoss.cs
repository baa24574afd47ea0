using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>The samples of a batch compared with each other, those of one label belonging together.</summary>
internal static class SupervisedContrastiveLoss
{
    public static Value Of(ModelBuilder m, SupervisedContrastiveAttribute o, Value pooled)
    {
        var features = m.Graph.Normalize(pooled);
        var similarities = m.Graph.MatMul(m.Graph.Scale(features, 1 / o.Temperature), features, false, true, "similarities");
        var labels = m.Input("labels", new Shape(pooled.Shape.Axes[0]));
        return m.Graph.MatchCrossEntropy(similarities, labels, labels, m.Input("labels_scale", Shape.Scalar), withoutOwn: true);
    }
}
