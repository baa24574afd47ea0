using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y = |x|; the slope at 0 is 0.</summary>
internal sealed record AbsOp : UnaryOp
{
    public override string Name => "abs";

    public override Scalar Value(Scalar x) => Scalar.Abs(x);

    public override Scalar Slope(Scalar x) => Scalar.Where(x, 0, 1, 0) - Scalar.Where(-x, 0, 1, 0);
}

internal static class AbsSyntax
{
    public static Value Abs(this GraphBuilder g, Value x) => g.Apply(new AbsOp(), x);
}
