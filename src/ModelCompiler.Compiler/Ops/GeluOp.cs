using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y = x Phi(x), the exact GELU (Hendrycks and Gimpel 2016, arXiv:1606.08415).</summary>
internal sealed record GeluOp : UnaryOp
{
    public override string Name => "gelu";

    public override Scalar Value(Scalar x) => Scalar.Of(Intrinsic.Gelu, x);

    public override Scalar Slope(Scalar x) => Scalar.Of(Intrinsic.GeluSlope, x);
}

internal static class GeluSyntax
{
    public static Value Gelu(this GraphBuilder g, Value x) => g.Apply(new GeluOp(), x);
}
