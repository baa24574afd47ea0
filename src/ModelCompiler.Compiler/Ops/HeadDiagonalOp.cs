using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// One vector q [1, heads x d] with each head in a row of its own: y[h] is q in the columns of head h and 0 elsewhere. A product with it
/// gives the scores of every head at once. dq is the diagonal of dy.
/// </summary>
internal sealed record HeadDiagonalOp(int Heads) : RowOp
{
    public override string Name => "head_diagonal";

    public override bool IsIndexed(int input) => true;

    // A row is one head's columns in one row of the result.
    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => Shape.Of(("row", Heads), ("head", Heads), ("channel", inputs[0].Shape.Columns / Heads));

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[0].Shape.Rows == Extent.One && inputs[0].Shape.Columns % Heads == 0
        ? [new Signature("by_head", Shape.Of(("head", Heads), ("width", inputs[0].Shape.LastExtent)))]
        : throw new GraphException($"needs one vector of {Heads} heads");

    // row == head, with comparisons of "below" only.
    public override Scalar Formula(RowContext c)
    {
        var (row, head) = (Position.Row / Heads, Position.Row % Heads);
        return new Scalar.ByRow(row, head, 0, new Scalar.ByRow(head, row, 0, c.Rows(0).At(head)));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [g.Apply(new DiagonalHeadsOp(Heads, inputs[0].Shape), upstream[0]!)];
}

/// <summary>The gradient of <see cref="HeadDiagonalOp"/>: head h of row h.</summary>
internal sealed record DiagonalHeadsOp(int Heads, Shape Result) : RowOp
{
    public override string Name => "diagonal_heads";

    public override bool IsIndexed(int input) => true;

    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => Shape.Of(("head", Heads), ("channel", Result.Columns / Heads));

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("diagonal", Result)];

    public override Scalar Formula(RowContext c) => c.Rows(0).At((Position.Row * Heads) + Position.Row);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class HeadDiagonalSyntax
{
    public static Value HeadDiagonal(this GraphBuilder g, Value x, int heads) => g.Apply(new HeadDiagonalOp(heads), x);
}
