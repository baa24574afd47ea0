using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>One value a column as one value a row: x [n] as y [n, 1].</summary>
internal sealed record ByRowOp : RowOp
{
    public override string Name => "by_row";

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("by_row", new Shape(inputs[0].Shape.Axes[0], new Axis("one", 1)))];

    public override Scalar Formula(RowContext c) => new Scalar.ReadRow(c.Operand(0), Position.Row);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}
