using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y = max(x, 0); the slope at 0 is 0.</summary>
internal sealed record ReluOp : UnaryOp
{
    public override string Name => "relu";

    public override Scalar Value(Scalar x) => Scalar.Max(x, 0);

    public override Scalar Slope(Scalar x) => Scalar.Where(x, 0, 1, 0);
}

internal static class ReluSyntax
{
    public static Value Relu(this GraphBuilder g, Value x) => g.Apply(new ReluOp(), x);
}
