using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// loss = scale x sum over rows r with label[r] &gt;= 0 of (log sum exp logits[r] - logits[r, label[r]]); a negative label leaves its row out.
/// Inputs: logits [.., classes], labels [..], scale [1]. Outputs: loss [1], each row's greatest logit m and s = log sum exp(logits - m).
/// dlogits = scale (exp(logits - m - s) - one hot) of counted rows. m and s are not added up: large logits would round s away.
/// With smoothing e, (1 - e) one hot + e / classes stands for one hot.
/// </summary>
internal sealed record CrossEntropyOp(double Smoothing = 0) : CompositeOp
{
    public override string Name => "cross_entropy";

    public override bool IsInteger(int input) => input == 1;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        if (inputs[1].Shape.Count != inputs[0].Shape.Rows || inputs[2].Shape.Count != Extent.One)
        {
            throw new GraphException("needs one label a row and one scale");
        }

        return Signatures(inputs[0].Shape);
    }

    /// <summary>The loss, and what <see cref="ShiftedLogSum"/> gives.</summary>
    public static IReadOnlyList<Signature> Signatures(Shape logits) =>
        [new Signature("loss", Shape.Scalar), new Signature("largest", logits.WithLast("one", 1)), new Signature("shifted_log_sum", logits.WithLast("one", 1))];

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var (max, logSum) = ShiftedLogSum(g, inputs[0]);
        var each = Smoothing == 0
            ? g.Apply(new RowCrossEntropyOp(), max, logSum, inputs[0], inputs[1], inputs[2])
            : g.Apply(new RowCrossEntropyOp(Smoothing), max, logSum, inputs[0], inputs[1], inputs[2], Others(g, inputs[0], max));
        return [g.ColumnSum(each), max, logSum];
    }

    /// <summary>Each row's greatest value m, and log sum exp(x - m).</summary>
    public static (Value Largest, Value LogSum) ShiftedLogSum(GraphBuilder g, Value logits)
    {
        var max = g.RowMax(logits);
        var sum = g.RowSum(g.Formula("shifted_exp", logits.Shape, static a => Scalar.Exp(a[0] - a[1]), logits, max));
        return (max, g.Formula("shifted_log_sum", max.Shape, static a => Scalar.Log(a[0]), sum));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [g.Apply(new CrossEntropyGradientOp(Smoothing), inputs[0], outputs[1], outputs[2], inputs[1], inputs[2], upstream[0]!), null, null];

    // Each row's smoothing x mean of logits - greatest logit.
    private Value Others(GraphBuilder g, Value logits, Value max)
    {
        var share = Smoothing / logits.Shape.Columns;
        return g.RowSum(g.Formula($"smoothed({share})", logits.Shape, a => (a[0] - a[1]) * share, logits, max));
    }
}

/// <summary>One row's part of the loss. Inputs: greatest logit, log sum, logits, labels, scale; with smoothing what it gives to all classes too.</summary>
internal sealed record RowCrossEntropyOp(double Smoothing = 0) : RowOp
{
    public override string Name => "row_cross_entropy";

    public override bool IsInteger(int input) => input == 3;

    public override bool IsIndexed(int input) => input is 2 or 3;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("row_loss", inputs[0].Shape)];

    public override Scalar Formula(RowContext c)
    {
        var label = c.Integer(3, Position.Row);
        var own = new Scalar.ReadAt(c.Operand(2), Position.Row, label) - c.Input(0);
        var aimed = Smoothing == 0 ? own : ((1 - Smoothing) * own) + c.Input(5);
        return new Scalar.ByRow(label, 0, 0, (c.Input(1) - aimed) * c.Input(4));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

/// <summary>dlogits. Inputs: logits, greatest logit, log sum, labels, scale, dloss.</summary>
internal sealed record CrossEntropyGradientOp(double Smoothing = 0) : RowOp
{
    public override string Name => "cross_entropy_gradient";

    public override bool IsInteger(int input) => input == 3;

    public override bool IsIndexed(int input) => input == 3;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("d_logits", inputs[0].Shape)];

    public override Scalar Formula(RowContext c)
    {
        var label = c.Integer(3, Position.Row);
        var one = c.IsRow ? (Scalar)1 : new Scalar.OneHot(label);
        var target = Smoothing == 0 ? one : ((1 - Smoothing) * one) + (Smoothing / c.Columns);
        return (Scalar.Exp(c.Input(0) - c.Input(1) - c.Input(2)) - target) * new Scalar.ByRow(label, 0, 0, c.Input(4) * c.Input(5));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class CrossEntropySyntax
{
    /// <param name="smoothing">0 to below 1.</param>
    public static Value CrossEntropy(this GraphBuilder g, Value logits, Value labels, Value scale, double smoothing = 0) => g.Apply(new CrossEntropyOp(smoothing), logits, labels, scale);
}
