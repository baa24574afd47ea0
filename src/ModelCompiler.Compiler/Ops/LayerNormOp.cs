using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// y = (x - mean) / sqrt(variance + epsilon) * weight + bias over the last axis, variance = mean of (x - mean)^2
/// (Ba et al. 2016, arXiv:1607.06450). Inputs: x, weight and, where there is one, bias. Outputs: y, mean, rstd.
/// With n = (x - mean) rstd and h = dy weight: dx = rstd (h - mean of h - n mean of (h n)), dweight = sum of dy n, dbias = sum of dy.
/// </summary>
internal sealed record LayerNormOp(double Epsilon) : CompositeOp
{
    public override string Name => "layer_norm";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var x = inputs[0].Shape;
        foreach (var vector in inputs.Skip(1))
        {
            if (vector.Shape.Count != x.LastExtent)
            {
                throw new GraphException("weight and bias must have one value a column");
            }
        }

        return [new Signature("normed", x), new Signature("mean", x.WithLast("one", 1)), new Signature("rstd", x.WithLast("one", 1))];
    }

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var x = inputs[0];
        var n = (double)x.Shape.Columns;
        var rows = x.Shape.WithLast("one", 1);
        var mean = g.Formula("mean", rows, a => a[0] * (1 / n), g.RowSum(x));
        var squares = g.RowSum(g.Formula("square", x.Shape, static a => (a[0] - a[1]) * (a[0] - a[1]), x, mean));
        var rstd = g.Formula(FormattableString.Invariant($"rstd({Epsilon:R})"), rows, a => 1 / Scalar.Sqrt((a[0] * (1 / n)) + Epsilon), squares);
        var normed = inputs.Count == 3
            ? g.Formula("normed", x.Shape, static a => ((a[0] - a[1]) * a[2] * a[3]) + a[4], x, mean, rstd, inputs[1], inputs[2])
            : g.Formula("normed", x.Shape, static a => (a[0] - a[1]) * a[2] * a[3], x, mean, rstd, inputs[1]);
        return [normed, mean, rstd];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var (x, weight, dy) = (inputs[0], inputs[1], upstream[0]!);
        var (mean, rstd) = (outputs[1], outputs[2]);
        var inverse = 1.0 / x.Shape.Columns;
        var normalized = g.Formula("normalized", x.Shape, static a => (a[0] - a[1]) * a[2], x, mean, rstd);
        var inner = g.Formula("inner", x.Shape, static a => a[0] * a[1], dy, weight);
        var sum = g.RowSum(inner);
        var product = g.RowSum(g.Formula("projected", x.Shape, static a => a[0] * a[1], inner, normalized));
        var dx = g.Formula("d_norm", x.Shape, a => a[4] * (a[0] - ((a[1] + (a[2] * a[3])) * inverse)), inner, sum, normalized, product, rstd);
        var dWeight = g.ColumnSum(g.Formula("d_weight", x.Shape, static a => a[0] * a[1], dy, normalized));
        return inputs.Count == 3 ? [dx, dWeight, g.ColumnSum(dy)] : [dx, dWeight];
    }
}

internal static class LayerNormSyntax
{
    public static Value LayerNorm(this GraphBuilder g, Value x, Value weight, Value? bias, double epsilon) =>
        bias is null ? g.Apply(new LayerNormOp(epsilon), x, weight) : g.Apply(new LayerNormOp(epsilon), x, weight, bias);
}
