using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Optimizers;

/// <summary>w = w (1 - rate decay) - rate sign(b1 m + (1 - b1) g); m = b2 m + (1 - b2) g (Chen et al. 2023).</summary>
internal sealed class Lion(LionAttribute o) : OptimizerRule
{
    public override IReadOnlyList<string> State => ["momentum"];

    public override IReadOnlyList<Scalar> Update(Scalar weight, Scalar gradient, IReadOnlyList<Scalar> state)
    {
        var g = gradient * Number("scale");
        var direction = (o.Beta1 * state[0]) + ((1 - o.Beta1) * g);
        var sign = Scalar.Where(direction, 0, 1, Scalar.Where(0, direction, -1, 0));
        return [(weight * (1 - (Number("rate") * Number("decay")))) - (Number("rate") * sign), (o.Beta2 * state[0]) + ((1 - o.Beta2) * g)];
    }
}
