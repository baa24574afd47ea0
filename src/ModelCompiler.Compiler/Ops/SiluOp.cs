using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y = x sigmoid(x).</summary>
internal sealed record SiluOp : UnaryOp
{
    public override string Name => "silu";

    public override Scalar Value(Scalar x) => x * Scalar.Sigmoid(x);

    public override Scalar Slope(Scalar x)
    {
        var s = Scalar.Sigmoid(x);
        return s + (x * s * (1 - s));
    }
}

internal static class SiluSyntax
{
    public static Value Silu(this GraphBuilder g, Value x) => g.Apply(new SiluOp(), x);
}
