using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// The cross-entropy of similarities whose rows each match the column of their own number (InfoNCE with the other pairs of a batch as negatives; van den Oord et al. 2018, arXiv:1807.03748):
/// loss = scale x sum over rows r of (log sum exp s[r] - s[r, r]). Inputs: similarities [pairs, pairs], scale [1]. Outputs: loss [1], each row's greatest similarity m and
/// l = log sum exp(s - m). ds = scale (exp(s - m - l) - identity). Why m and l are two: <see cref="CrossEntropyOp"/>.
/// </summary>
internal sealed record PairCrossEntropyOp : CompositeOp
{
    public override string Name => "pair_cross_entropy";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var s = inputs[0].Shape;
        if (s.Axes.Length != 2 || s.Axes[0].Extent != s.Axes[1].Extent || inputs[1].Shape.Count != Extent.One)
        {
            throw new GraphException("needs similarities [pairs, pairs] and one scale");
        }

        return CrossEntropyOp.Signatures(s);
    }

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var (max, logSum) = CrossEntropyOp.ShiftedLogSum(g, inputs[0]);
        return [g.ColumnSum(g.Apply(new RowPairCrossEntropyOp(), max, logSum, inputs[0], inputs[1])), max, logSum];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [g.Apply(new PairCrossEntropyGradientOp(), inputs[0], outputs[1], outputs[2], inputs[1], upstream[0]!), null];
}

/// <summary>One row's part of the loss. Inputs: greatest similarity, log sum, similarities, scale.</summary>
internal sealed record RowPairCrossEntropyOp : RowOp
{
    public override string Name => "row_pair_cross_entropy";

    public override bool IsIndexed(int input) => input == 2;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("row_loss", inputs[0].Shape)];

    public override Scalar Formula(RowContext c) => (c.Input(1) - (new Scalar.ReadAt(c.Operand(2), Position.Row, Position.Row) - c.Input(0))) * c.Input(3);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

/// <summary>The gradient of similarities. Inputs: similarities, greatest similarity, log sum, scale, dloss.</summary>
internal sealed record PairCrossEntropyGradientOp : RowOp
{
    public override string Name => "pair_cross_entropy_gradient";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("d_similarities", inputs[0].Shape)];

    public override Scalar Formula(RowContext c) =>
        (Scalar.Exp(c.Input(0) - c.Input(1) - c.Input(2)) - (c.IsRow ? 1 : new Scalar.OneHot(Position.Row))) * (c.Input(3) * c.Input(4));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class PairCrossEntropySyntax
{
    public static Value PairCrossEntropy(this GraphBuilder g, Value similarities, Value scale) => g.Apply(new PairCrossEntropyOp(), similarities, scale);
}
