using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y = sigmoid(x) = 1 / (1 + exp(-x)).</summary>
internal sealed record SigmoidOp : UnaryOp
{
    public override string Name => "sigmoid";

    public override Scalar Value(Scalar x) => Scalar.Sigmoid(x);

    public override Scalar Slope(Scalar x)
    {
        var s = Scalar.Sigmoid(x);
        return s * (1 - s);
    }
}

internal static class SigmoidSyntax
{
    public static Value Sigmoid(this GraphBuilder g, Value x) => g.Apply(new SigmoidOp(), x);
}
