using ModelCompiler.Compiler.Ir.Scalars;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

/// <summary>The loss that cases of ops end in: scale x sum of x w over all elements. The gradient that reaches x is scale x w, whatever x is.</summary>
internal sealed record WeightedSumOp : PointwiseLossOp
{
    public override string Name => "weighted_sum";

    public override Scalar Value(Scalar x, Scalar target) => x * target;

    public override Scalar Slope(Scalar x, Scalar target) => target;
}
