using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y = x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), as GPT-2.</summary>
internal sealed record GeluTanhOp : UnaryOp
{
    public override string Name => "gelu_tanh";

    public override Scalar Value(Scalar x) => Scalar.Of(Intrinsic.GeluTanh, x);

    public override Scalar Slope(Scalar x) => Scalar.Of(Intrinsic.GeluTanhSlope, x);
}

internal static class GeluTanhSyntax
{
    public static Value GeluTanh(this GraphBuilder g, Value x) => g.Apply(new GeluTanhOp(), x);
}
