using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y[i, j] = x[j, i] of a matrix of similarities.</summary>
/// <param name="Rows">Rows of x.</param>
/// <param name="Columns">Columns of x.</param>
internal sealed record TransposeOp(Extent Rows, Extent Columns) : RowOp
{
    public override string Name => "transpose";

    public override bool IsIndexed(int input) => true;

    // Every number is a row: the columns of neither are known.
    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => new([.. outputs[0].Shape.Axes, new Axis("one", 1)]);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[0].Shape.Axes.Length == 2 && inputs[0].Shape.Rows == Rows && inputs[0].Shape.LastExtent == Columns
        ? [new Signature("turned", new Shape(inputs[0].Shape.Axes[1], inputs[0].Shape.Axes[0]))]
        : throw new GraphException("needs a matrix");

    public override Scalar Formula(RowContext c) => c.Rows(0).At((Position.Row % Position.Of(Rows) * Position.Of(Columns)) + (Position.Row / Position.Of(Rows)));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [g.Apply(new TransposeOp(Columns, Rows), upstream[0]!)];
}

internal static class TransposeSyntax
{
    public static Value Transpose(this GraphBuilder g, Value x) => g.Apply(new TransposeOp(x.Shape.Rows, x.Shape.LastExtent), x);
}
