using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y = tanh(x).</summary>
internal sealed record TanhOp : UnaryOp
{
    public override string Name => "tanh";

    public override Scalar Value(Scalar x) => Scalar.Tanh(x);

    public override Scalar Slope(Scalar x)
    {
        var t = Scalar.Tanh(x);
        return 1 - (t * t);
    }
}

internal static class TanhSyntax
{
    public static Value Tanh(this GraphBuilder g, Value x) => g.Apply(new TanhOp(), x);
}
