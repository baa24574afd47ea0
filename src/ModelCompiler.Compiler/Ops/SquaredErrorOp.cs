using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>f = (x - target)^2, df/dx = 2 (x - target).</summary>
internal sealed record SquaredErrorOp : PointwiseLossOp
{
    public override string Name => "squared_error";

    public override Scalar Value(Scalar x, Scalar target) => (x - target) * (x - target);

    public override Scalar Slope(Scalar x, Scalar target) => 2 * (x - target);
}

internal static class SquaredErrorSyntax
{
    public static Value SquaredError(this GraphBuilder g, Value x, Value targets, Value scale) => g.Apply(new SquaredErrorOp(), x, targets, scale);
}
