using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// Binary cross-entropy with logits: f = max(x, 0) - x z + log(1 + exp(-|x|)) for a target z in [0, 1]; df/dx = sigmoid(x) - z.
/// The form never takes the logarithm of 0 (as torch's binary_cross_entropy_with_logits).
/// </summary>
internal sealed record LogisticLossOp : PointwiseLossOp
{
    public override string Name => "logistic_loss";

    public override Scalar Value(Scalar x, Scalar target) => Scalar.Max(x, 0) - (x * target) + Scalar.Log(1 + Scalar.Exp(-Scalar.Abs(x)));

    public override Scalar Slope(Scalar x, Scalar target) => Scalar.Sigmoid(x) - target;
}

internal static class LogisticLossSyntax
{
    public static Value LogisticLoss(this GraphBuilder g, Value logits, Value targets, Value scale) => g.Apply(new LogisticLossOp(), logits, targets, scale);
}
