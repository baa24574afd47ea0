using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y[r, c] = x[r, c] + bias[c]; the bias's gradient is a column sum.</summary>
internal sealed record AddBiasOp : RowOp
{
    public override string Name => "add_bias";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => Spread.Kind(inputs[1].Shape, inputs[0].Shape) == SpreadKind.Column || inputs[1].Shape.Count == inputs[0].Shape.LastExtent
        ? [new Signature(inputs[0].Name, inputs[0].Shape)]
        : throw new GraphException("the bias must have one value a column");

    public override Scalar Formula(RowContext c) => c.Input(0) + c.Input(1);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [upstream[0], g.ColumnSum(upstream[0]!)];
}

internal static class AddBiasSyntax
{
    public static Value AddBias(this GraphBuilder g, Value x, Value bias) => g.Apply(new AddBiasOp(), x, bias);
}
