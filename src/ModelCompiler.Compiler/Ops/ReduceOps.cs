using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y[r] = sum over c of x[r, c], or the greatest; shape [.., 1].</summary>
internal sealed record RowReduceOp(RowAction Kind) : RowOp
{
    public override string Name => Kind == RowAction.RowSum ? "row_sum" : "row_max";

    public override RowAction Action => Kind;

    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => inputs[0].Shape;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature(Name, inputs[0].Shape.WithLast("one", 1))];

    public override Scalar Formula(RowContext c) => c.Input(0);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

/// <summary>y[c] = sum over r of x[r, c]: chunks of rows are added up first, then the chunks in order.</summary>
internal sealed record ColumnSumOp : RowOp
{
    public override string Name => "column_sum";

    public override RowAction Action => RowAction.ColumnSum;

    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => inputs[0].Shape;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature(Name, new Shape(inputs[0].Shape.Axes.Last()))];

    public override Scalar Formula(RowContext c) => c.Input(0);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class ReduceSyntax
{
    public static Value RowSum(this GraphBuilder g, Value x) => g.Apply(new RowReduceOp(RowAction.RowSum), x);

    public static Value RowMax(this GraphBuilder g, Value x) => g.Apply(new RowReduceOp(RowAction.RowMax), x);

    public static Value ColumnSum(this GraphBuilder g, Value x) => g.Apply(new ColumnSumOp(), x);
}
