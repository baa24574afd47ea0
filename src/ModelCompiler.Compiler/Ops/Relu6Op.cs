using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y = min(max(x, 0), 6); the slope at 0 and at 6 is 0.</summary>
internal sealed record Relu6Op : UnaryOp
{
    public override string Name => "relu6";

    public override Scalar Value(Scalar x) => Scalar.Where(x, 6, 6, Scalar.Max(x, 0));

    public override Scalar Slope(Scalar x) => Scalar.Where(x, 0, Scalar.Where(6, x, 1, 0), 0);
}

internal static class Relu6Syntax
{
    public static Value Relu6(this GraphBuilder g, Value x) => g.Apply(new Relu6Op(), x);
}
