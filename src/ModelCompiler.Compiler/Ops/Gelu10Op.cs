using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y = min(gelu(x), 10), the exact GELU cut off above.</summary>
internal sealed record Gelu10Op : UnaryOp
{
    public override string Name => "gelu_10";

    public override Scalar Value(Scalar x)
    {
        var y = Scalar.Of(Intrinsic.Gelu, x);
        return Scalar.Where(y, 10, 10, y);
    }

    public override Scalar Slope(Scalar x) => Scalar.Where(Scalar.Of(Intrinsic.Gelu, x), 10, 0, Scalar.Of(Intrinsic.GeluSlope, x));
}

internal static class Gelu10Syntax
{
    public static Value Gelu10(this GraphBuilder g, Value x) => g.Apply(new Gelu10Op(), x);
}
