using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// y = exp(x) between floor and limit, the scale of similarities (CLIP's logit_scale). Where a bound holds the gradient passes as if y = x times the bound,
/// but only what brings x back within: without it x would stay there for good. A limit of infinity is none, nor is a floor of 0.
/// </summary>
internal sealed record ExpScaleOp(double Limit, double Floor = 0) : RowOp
{
    public override string Name => "exp_scale";

    private bool HasNone => double.IsPositiveInfinity(Limit);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => Limit > 0 && Floor >= 0 && Floor < Limit
        ? [new Signature("exp_scale", inputs[0].Shape)]
        : throw new GraphException("a scale that is limited to 0 or less, or to nothing above its floor, says nothing");

    public override Scalar Formula(RowContext c)
    {
        var y = Scalar.Exp(c.Input(0));
        y = HasNone ? y : Scalar.Where(y, Limit, Limit, y);
        return Floor == 0 ? y : Scalar.Max(y, Floor);
    }

    // At the limit only a gradient above 0, by which descent lowers x; at the floor only one below 0.
    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        if (HasNone && Floor == 0)
        {
            return [g.Formula("d_exp", inputs[0].Shape, static a => a[0] * a[1], outputs[0], upstream[0]!)];
        }

        var (limit, floor) = (Limit, Floor);
        return [g.Formula(FormattableString.Invariant($"d_exp_scale({Limit:R}{(floor == 0 ? "" : FormattableString.Invariant($", {floor:R}"))})"), inputs[0].Shape, a => a[0] * Below(a[0], Above(a[0], a[1])), outputs[0], upstream[0]!)];

        Scalar Below(Scalar y, Scalar slope) => double.IsPositiveInfinity(limit) ? slope : Scalar.Where(limit, y, slope, Scalar.Max(slope, 0));

        Scalar Above(Scalar y, Scalar slope) => floor == 0 ? slope : Scalar.Where(y, floor, slope, -Scalar.Max(-slope, 0));
    }
}

internal static class ExpScaleSyntax
{
    public static Value ExpScale(this GraphBuilder g, Value x, double limit, double floor = 0) => g.Apply(new ExpScaleOp(limit, floor), x);
}
