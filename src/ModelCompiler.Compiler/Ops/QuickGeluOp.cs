using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y = x sigmoid(1.702 x), as OpenAI's CLIP.</summary>
internal sealed record QuickGeluOp : UnaryOp
{
    public override string Name => "quick_gelu";

    public override Scalar Value(Scalar x) => x * Scalar.Sigmoid(1.702 * x);

    public override Scalar Slope(Scalar x)
    {
        var s = Scalar.Sigmoid(1.702 * x);
        return s + (1.702 * x * s * (1 - s));
    }
}

internal static class QuickGeluSyntax
{
    public static Value QuickGelu(this GraphBuilder g, Value x) => g.Apply(new QuickGeluOp(), x);
}
