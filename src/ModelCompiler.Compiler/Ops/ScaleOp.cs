using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y = factor x.</summary>
internal sealed record ScaleOp(double Factor) : RowOp
{
    public override string Name => "scale";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("scaled", inputs[0].Shape)];

    public override Scalar Formula(RowContext c) => c.Input(0) * Factor;

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [g.Apply(this, upstream[0]!)];
}

internal static class ScaleSyntax
{
    public static Value Scale(this GraphBuilder g, Value x, double factor) => g.Apply(new ScaleOp(factor), x);
}
