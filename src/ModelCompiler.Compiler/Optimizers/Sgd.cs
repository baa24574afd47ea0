using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Optimizers;

/// <summary>
/// g = g + decay w; b = momentum b + g (b = g in the first step: b starts at 0); w = w - rate b, or rate (g + momentum b) with Nesterov
/// (as torch.optim.SGD without dampening).
/// </summary>
internal sealed class Sgd(SgdAttribute o) : OptimizerRule
{
    public override IReadOnlyList<string> State => o.Momentum == 0 ? [] : ["momentum"];

    public override IReadOnlyList<Scalar> Update(Scalar weight, Scalar gradient, IReadOnlyList<Scalar> state)
    {
        var g = (gradient * Number("scale")) + (Number("decay") * weight);
        if (o.Momentum == 0)
        {
            return [weight - (Number("rate") * g)];
        }

        var buffer = (o.Momentum * state[0]) + g;
        return [weight - (Number("rate") * (o.Nesterov ? g + (o.Momentum * buffer) : buffer)), buffer];
    }
}
