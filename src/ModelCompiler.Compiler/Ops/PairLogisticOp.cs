using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// Whether two belong together, asked of every combination of a batch (SigLIP; Zhai et al. 2023, arXiv:2303.15343): loss = scale x sum over r, c of
/// log(1 + exp(-z s[r, c])), z = 1 where r = c, else -1. Inputs: similarities [pairs, pairs], scale [1]. ds = scale (sigmoid(s) - identity).
/// The form is that of <see cref="LogisticLossOp"/> for targets that are the identity.
/// </summary>
internal sealed record PairLogisticOp : CompositeOp
{
    private static readonly LogisticLossOp s_loss = new();

    public override string Name => "pair_logistic";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var s = inputs[0].Shape;
        return s.Axes.Length == 2 && s.Axes[0].Extent == s.Axes[1].Extent && inputs[1].Shape.Count == Extent.One
            ? [new Signature("loss", Shape.Scalar)]
            : throw new GraphException("needs similarities [pairs, pairs] and one scale");
    }

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var target = Target(inputs[0].Shape);
        var rows = g.RowSum(g.Formula(Name, inputs[0].Shape, a => s_loss.Value(a[0], target), inputs[0]));
        return [g.ColumnSum(g.Formula("scaled_loss", rows.Shape, static a => a[0] * a[1], rows, inputs[1]))];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var target = Target(inputs[0].Shape);
        return [g.Formula("pair_logistic_gradient", inputs[0].Shape, a => s_loss.Slope(a[0], target) * (a[1] * a[2]), inputs[0], inputs[1], upstream[0]!), null];
    }

    // One pair is its own column.
    private static Scalar Target(Shape similarities) => similarities.LastExtent == Extent.One ? 1 : new Scalar.OneHot(Position.Row);
}

internal static class PairLogisticSyntax
{
    public static Value PairLogistic(this GraphBuilder g, Value similarities, Value scale) => g.Apply(new PairLogisticOp(), similarities, scale);
}
