using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// loss = scale x sum over rows r with label[r] &gt;= 0 of (log sum exp logits[r] - logits[r, label[r]]); a negative label leaves its row out.
/// Inputs: logits [.., classes], labels [..], scale [1]. Outputs: loss [1], the rows' log sums. dlogits = scale (softmax - one hot) of counted rows.
/// </summary>
internal sealed record CrossEntropyOp : CompositeOp
{
    public override string Name => "cross_entropy";

    public override bool IsInteger(int input) => input == 1;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        if (inputs[1].Shape.Count != inputs[0].Shape.Rows || inputs[2].Shape.Count != Extent.One)
        {
            throw new GraphException("needs one label a row and one scale");
        }

        return [new Signature("loss", Shape.Scalar), new Signature("log_sum_exp", inputs[0].Shape.WithLast("one", 1))];
    }

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var logits = inputs[0];
        var rows = logits.Shape.WithLast("one", 1);
        var max = g.RowMax(logits);
        var sum = g.RowSum(g.Formula("shifted_exp", logits.Shape, static a => Scalar.Exp(a[0] - a[1]), logits, max));
        var logSum = g.Formula("log_sum_exp", rows, static a => Scalar.Log(a[0]) + a[1], sum, max);
        var each = g.Apply(new RowCrossEntropyOp(), logSum, logits, inputs[1], inputs[2]);
        return [g.ColumnSum(each), logSum];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [g.Apply(new CrossEntropyGradientOp(), inputs[0], outputs[1], inputs[1], inputs[2], upstream[0]!), null, null];
}

/// <summary>One row's part of the loss. Inputs: log sum, logits, labels, scale.</summary>
internal sealed record RowCrossEntropyOp : RowOp
{
    public override string Name => "row_cross_entropy";

    public override bool IsInteger(int input) => input == 2;

    public override bool IsIndexed(int input) => input is 1 or 2;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("row_loss", inputs[0].Shape)];

    public override Scalar Formula(RowContext c)
    {
        var label = c.Integer(2, Position.Row);
        return new Scalar.ByRow(label, 0, 0, (c.Input(0) - new Scalar.ReadAt(c.Operand(1), Position.Row, label)) * c.Input(3));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

/// <summary>dlogits. Inputs: logits, log sum, labels, scale, dloss.</summary>
internal sealed record CrossEntropyGradientOp : RowOp
{
    public override string Name => "cross_entropy_gradient";

    public override bool IsInteger(int input) => input == 2;

    public override bool IsIndexed(int input) => input == 2;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("d_logits", inputs[0].Shape)];

    public override Scalar Formula(RowContext c)
    {
        var label = c.Integer(2, Position.Row);
        return (Scalar.Exp(c.Input(0) - c.Input(1)) - new Scalar.OneHot(label)) * new Scalar.ByRow(label, 0, 0, c.Input(3) * c.Input(4));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class CrossEntropySyntax
{
    public static Value CrossEntropy(this GraphBuilder g, Value logits, Value labels, Value scale) => g.Apply(new CrossEntropyOp(), logits, labels, scale);
}
