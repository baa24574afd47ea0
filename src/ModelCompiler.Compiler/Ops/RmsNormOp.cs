using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// y = x r weight, r = 1 / sqrt(mean of x^2 + epsilon) over the last axis (Zhang and Sennrich 2019, arXiv:1910.07467). Outputs: y, r.
/// With h = dy weight: dx = r (h - x r^2 mean of (h x)), dweight = sum of dy x r.
/// </summary>
internal sealed record RmsNormOp(double Epsilon) : CompositeOp
{
    public override string Name => "rms_norm";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[1].Shape.Count == inputs[0].Shape.LastExtent
        ? [new Signature("normed", inputs[0].Shape), new Signature("rstd", inputs[0].Shape.WithLast("one", 1))]
        : throw new GraphException("the weight must have one value a column");

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var x = inputs[0];
        var n = (double)x.Shape.Columns;
        var squares = g.RowSum(g.Formula("square", x.Shape, static a => a[0] * a[0], x));
        var rstd = g.Formula(FormattableString.Invariant($"rstd({Epsilon:R})"), x.Shape.WithLast("one", 1), a => 1 / Scalar.Sqrt((a[0] * (1 / n)) + Epsilon), squares);
        return [g.Formula("normed", x.Shape, static a => a[0] * a[1] * a[2], x, rstd, inputs[1]), rstd];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var (x, weight, dy, rstd) = (inputs[0], inputs[1], upstream[0]!, outputs[1]);
        var inverse = 1.0 / x.Shape.Columns;
        var inner = g.Formula("inner", x.Shape, static a => a[0] * a[1], dy, weight);
        var product = g.RowSum(g.Formula("projected", x.Shape, static a => a[0] * a[1], inner, x));
        var dx = g.Formula("d_norm", x.Shape, a => a[3] * (a[0] - (a[1] * a[3] * a[3] * a[2] * inverse)), inner, x, product, rstd);
        return [dx, g.ColumnSum(g.Formula("d_weight", x.Shape, static a => a[0] * a[1] * a[2], dy, x, rstd))];
    }
}

internal static class RmsNormSyntax
{
    public static Value RmsNorm(this GraphBuilder g, Value x, Value weight, double epsilon) => g.Apply(new RmsNormOp(epsilon), x, weight);
}
