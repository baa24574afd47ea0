using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Optimizers;

/// <summary>
/// m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w = w (1 - rate decay) - rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
/// (Loshchilov and Hutter 2017; epsilon as in torch, outside the root and behind bias correction).
/// </summary>
internal sealed class AdamW(AdamWAttribute o) : OptimizerRule
{
    public override IReadOnlyList<string> State => ["mean", "square"];

    public override IReadOnlyList<StepNumber> Numbers =>
    [
        new("meanCorrection", step => 1 / (1 - Math.Pow(o.Beta1, step)), FormattableString.Invariant($"1 / (1 - Math.Pow({o.Beta1:G17}, step))")),
        new("squareCorrection", step => 1 / (1 - Math.Pow(o.Beta2, step)), FormattableString.Invariant($"1 / (1 - Math.Pow({o.Beta2:G17}, step))")),
    ];

    public override IReadOnlyList<Scalar> Update(Scalar weight, Scalar gradient, IReadOnlyList<Scalar> state)
    {
        var g = gradient * Number("scale");
        var mean = (o.Beta1 * state[0]) + ((1 - o.Beta1) * g);
        var square = (o.Beta2 * state[1]) + ((1 - o.Beta2) * (g * g));
        var step = mean * Number("meanCorrection") / (Scalar.Sqrt(square * Number("squareCorrection")) + o.Epsilon);
        return [(weight * (1 - (Number("rate") * Number("decay")))) - (Number("rate") * step), mean, square];
    }
}
