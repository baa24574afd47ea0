using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>The samples of a batch compared with each other, those of one label belonging together.</summary>
internal static class SupervisedContrastiveLoss
{
    /// <summary>Name of the input that says which samples belong together.</summary>
    public const string Numbers = "label_numbers";

    public static Value Of(ModelBuilder m, SupervisedContrastiveAttribute o, Value pooled)
    {
        var features = m.Graph.Normalize(pooled);
        var labels = m.Input(Numbers, new Shape(pooled.Shape.Axes[0]));

        // Similarities are symmetric, so the mean of both ways is either of them.
        return m.Graph.PairContrast(m.Graph.Scale(features, 1 / o.Temperature), features, m.Input(Numbers + "_scale", Shape.Scalar), labels, withoutOwn: true);
    }
}
