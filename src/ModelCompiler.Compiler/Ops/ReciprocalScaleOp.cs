using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// y = 1 / max(x, 1 / limit), the scale of similarities that a temperature divides (ALBEF's temp). Where the limit holds the gradient passes as if y = 1 / x there, but only
/// what brings x back above it, as in <see cref="ExpScaleOp"/>. A limit of infinity keeps x from 0 alone.
/// </summary>
internal sealed record ReciprocalScaleOp(double Limit) : RowOp
{
    public override string Name => "reciprocal_scale";

    // Far below any temperature.
    private double Least => double.IsPositiveInfinity(Limit) ? 1e-6 : 1 / Limit;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => Limit > 0
        ? [new Signature("scale", inputs[0].Shape)]
        : throw new GraphException("a scale that is limited to 0 or less says nothing");

    public override Scalar Formula(RowContext c) => 1 / Scalar.Max(c.Input(0), Least);

    // At the limit only a gradient below 0, by which descent raises x.
    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var least = Least;
        return [g.Formula(FormattableString.Invariant($"d_reciprocal_scale({least:R})"), inputs[0].Shape,
            a => Scalar.Where(a[0], least, -a[2], -Scalar.Max(a[2], 0)) * a[1] * a[1], inputs[0], outputs[0], upstream[0]!)];
    }
}

internal static class ReciprocalScaleSyntax
{
    public static Value ReciprocalScale(this GraphBuilder g, Value x, double limit) => g.Apply(new ReciprocalScaleOp(limit), x);
}
