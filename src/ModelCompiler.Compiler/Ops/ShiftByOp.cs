using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y = x + s for one number s that learns. Inputs: x, s [1]. dx = dy, ds = sum of dy.</summary>
internal sealed record ShiftByOp : RowOp
{
    public override string Name => "shift_by";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[1].Shape.Count == Extent.One
        ? [new Signature("shifted", inputs[0].Shape)]
        : throw new GraphException("needs one shift for all");

    public override Scalar Formula(RowContext c) => c.Input(0) + c.Input(1);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [upstream[0], g.ColumnSum(g.RowSum(upstream[0]!))];
}

internal static class ShiftBySyntax
{
    public static Value ShiftBy(this GraphBuilder g, Value x, Value shift) => g.Apply(new ShiftByOp(), x, shift);
}
