using System.Globalization;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// Focal loss of logits (Lin et al. 2017, arXiv:1708.02002): f = a q^gamma c with the logistic loss c of x and a target z, the probability q = z sigmoid(-x) + (1 - z) sigmoid(x) of being
/// wrong, and the weight a = alpha z + (1 - alpha) (1 - z), or 1. df/dx = a q^gamma (gamma q' / q c + sigmoid(x) - z), q' = (1 - 2 z) sigmoid(x) sigmoid(-x).
/// </summary>
/// <param name="Gamma">Above 0.</param>
/// <param name="Alpha">Above 0 and below 1; 0: no weights.</param>
internal sealed record FocalLossOp(double Gamma, double Alpha) : PointwiseLossOp
{
    // Where a float q is less, what it is the factor of is 0 beside any other element.
    private const double Least = 1e-30;

    private static readonly LogisticLossOp s_logistic = new();

    public override string Name => "focal_loss";

    public override Scalar Value(Scalar x, Scalar target) => Weight(target) * Power(Wrong(x, target)) * s_logistic.Value(x, target);

    public override Scalar Slope(Scalar x, Scalar target)
    {
        var wrong = Wrong(x, target);
        var slope = (1 - (2 * target)) * Scalar.Sigmoid(x) * Scalar.Sigmoid(-x);
        return Weight(target) * Power(wrong) * ((Gamma * s_logistic.Value(x, target) * slope / wrong) + s_logistic.Slope(x, target));
    }

    protected override string Numbers => string.Format(CultureInfo.InvariantCulture, "({0:R}, {1:R})", Gamma, Alpha);

    private static Scalar Wrong(Scalar x, Scalar target) => Scalar.Max((target * Scalar.Sigmoid(-x)) + ((1 - target) * Scalar.Sigmoid(x)), Least);

    private Scalar Power(Scalar wrong) => Scalar.Exp(Gamma * Scalar.Log(wrong));

    private Scalar Weight(Scalar target) => Alpha == 0 ? 1 : (Alpha * target) + ((1 - Alpha) * (1 - target));
}

internal static class FocalLossSyntax
{
    public static Value FocalLoss(this GraphBuilder g, Value logits, Value targets, Value scale, double gamma, double alpha) => g.Apply(new FocalLossOp(gamma, alpha), logits, targets, scale);
}
