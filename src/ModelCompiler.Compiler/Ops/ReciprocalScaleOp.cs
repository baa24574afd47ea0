using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// y = 1 / x between floor and limit, the scale of similarities that a temperature divides (ALBEF's temp). Where a bound holds the gradient passes as if y = 1 / x there, but only
/// what brings x back within, as in <see cref="ExpScaleOp"/>. A limit of infinity keeps x from 0 alone; a floor of 0 is none.
/// </summary>
internal sealed record ReciprocalScaleOp(double Limit, double Floor = 0) : RowOp
{
    public override string Name => "reciprocal_scale";

    // Far below any temperature.
    private double Least => double.IsPositiveInfinity(Limit) ? 1e-6 : 1 / Limit;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => Limit > 0 && Floor >= 0 && Floor < Limit
        ? [new Signature("scale", inputs[0].Shape)]
        : throw new GraphException("a scale that is limited to 0 or less, or to nothing above its floor, says nothing");

    public override Scalar Formula(RowContext c)
    {
        var y = 1 / Scalar.Max(c.Input(0), Least);
        return Floor == 0 ? y : Scalar.Max(y, Floor);
    }

    // At the limit only a gradient below 0, by which descent raises x; at the floor only one above 0.
    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var (least, floor) = (Least, Floor);
        return [g.Formula(FormattableString.Invariant($"d_reciprocal_scale({least:R}{(floor == 0 ? "" : FormattableString.Invariant($", {floor:R}"))})"), inputs[0].Shape,
            a => Scalar.Where(a[0], least, Above(a[1], -a[2]), -Scalar.Max(a[2], 0)) * a[1] * a[1], inputs[0], outputs[0], upstream[0]!)];

        Scalar Above(Scalar y, Scalar slope) => floor == 0 ? slope : Scalar.Where(y, floor, slope, Scalar.Max(slope, 0));
    }
}

internal static class ReciprocalScaleSyntax
{
    public static Value ReciprocalScale(this GraphBuilder g, Value x, double limit, double floor = 0) => g.Apply(new ReciprocalScaleOp(limit, floor), x);
}
