using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y[r] = x[r, r], one value a row of x [n, n].</summary>
internal sealed record DiagonalOp : RowOp
{
    public override string Name => "diagonal";

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("diagonal", inputs[0].Shape.WithLast("one", 1))];

    public override Scalar Formula(RowContext c) => new Scalar.ReadAt(c.Operand(0), Position.Row, Position.Row);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}
