using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// y = min(exp(x), limit), the scale of similarities (CLIP's logit_scale). Where the limit holds the gradient passes as if y = x limit,
/// but only what brings x back below it: without it x would stay there for good. A limit of infinity is none.
/// </summary>
internal sealed record ExpScaleOp(double Limit) : RowOp
{
    public override string Name => "exp_scale";

    private bool HasNone => double.IsPositiveInfinity(Limit);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => Limit > 0
        ? [new Signature("exp_scale", inputs[0].Shape)]
        : throw new GraphException("a scale that is limited to 0 or less says nothing");

    public override Scalar Formula(RowContext c)
    {
        var y = Scalar.Exp(c.Input(0));
        return HasNone ? y : Scalar.Where(y, Limit, Limit, y);
    }

    // At the limit only a gradient above 0, by which descent lowers x.
    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        if (HasNone)
        {
            return [g.Formula("d_exp", inputs[0].Shape, static a => a[0] * a[1], outputs[0], upstream[0]!)];
        }

        var limit = Limit;
        return [g.Formula(FormattableString.Invariant($"d_exp_scale({Limit:R})"), inputs[0].Shape, a => a[0] * Scalar.Where(limit, a[0], a[1], Scalar.Max(a[1], 0)), outputs[0], upstream[0]!)];
    }
}

internal static class ExpScaleSyntax
{
    public static Value ExpScale(this GraphBuilder g, Value x, double limit) => g.Apply(new ExpScaleOp(limit), x);
}
