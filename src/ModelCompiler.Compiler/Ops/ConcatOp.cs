using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y[r] = a[r], then b[r]: the columns of both, one behind the other; a and b have one shape.</summary>
internal sealed record ConcatOp : RowOp
{
    public override string Name => "concat";

    public override bool IsIndexed(int input) => true;

    // Each half of a result's row is a row of its own.
    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => Halves(inputs[0].Shape);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[0].Shape.Equals(inputs[1].Shape)
        ? [new Signature("joined", inputs[0].Shape.WithLast(inputs[0].Shape.Axes.Last().Name, 2 * inputs[0].Shape.Columns))]
        : throw new GraphException("both must have one shape");

    public override Scalar Formula(RowContext c) =>
        new Scalar.ByRow(Position.Row % 2, 1, c.Rows(0).At(Position.Row / 2), c.Rows(1).At(Position.Row / 2));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [g.Apply(new HalfOp(0), upstream[0]!), g.Apply(new HalfOp(1), upstream[0]!)];

    private static Shape Halves(Shape x) => new([.. x.Axes.Take(x.Axes.Length - 1), new Axis("half", 2), x.Axes.Last()]);
}

/// <summary>y[r] = the first or second half of the columns of x[r].</summary>
/// <param name="Half">0 or 1.</param>
internal sealed record HalfOp(int Half) : RowOp
{
    public override string Name => "half";

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[0].Shape.Columns % 2 == 0
        ? [new Signature("half", inputs[0].Shape.WithLast(inputs[0].Shape.Axes.Last().Name, inputs[0].Shape.Columns / 2))]
        : throw new GraphException("the number of columns must be even");

    public override Scalar Formula(RowContext c) => c.Rows(0).At((Position.Row * 2) + Half);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class ConcatSyntax
{
    public static Value Concat(this GraphBuilder g, Value a, Value b) => g.Apply(new ConcatOp(), a, b);
}
