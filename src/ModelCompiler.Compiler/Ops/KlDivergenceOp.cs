using System.Globalization;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// How far logits are from a teacher's, both softened by a temperature T: loss = scale x T^2 x sum over rows of KL(p | q), p = softmax(teacher / T), q = softmax(logits / T)
/// (Hinton et al. 2015, arXiv:1503.02531; T^2 keeps the gradient's size whatever T is). Inputs: logits [.., classes], teacher of the same shape, scale [1]. Outputs: loss [1], and of both
/// what <see cref="CrossEntropyOp.ShiftedLogSum"/> gives. dlogits = scale T (q - p); the teacher has no gradient.
/// </summary>
/// <param name="Temperature">Above 0.</param>
internal sealed record KlDivergenceOp(double Temperature) : CompositeOp
{
    public override string Name => "kl_divergence";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        if (!inputs[0].Shape.Equals(inputs[1].Shape) || inputs[2].Shape.Count != Extent.One)
        {
            throw new GraphException("needs a teacher's logits of the logits' shape and one scale");
        }

        var row = inputs[0].Shape.WithLast("one", 1);
        return [.. CrossEntropyOp.Signatures(inputs[0].Shape), new Signature("taught_largest", row), new Signature("taught_shifted_log_sum", row)];
    }

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var (logits, teacher) = (g.Scale(inputs[0], 1 / Temperature), g.Scale(inputs[1], 1 / Temperature));
        var (max, logSum) = CrossEntropyOp.ShiftedLogSum(g, logits);
        var (taughtMax, taughtSum) = CrossEntropyOp.ShiftedLogSum(g, teacher);
        var rows = g.RowSum(g.Formula("divergence", logits.Shape, static a => Scalar.Exp(LogOf(a, 0)) * (LogOf(a, 0) - LogOf(a, 3)), teacher, taughtMax, taughtSum, logits, max, logSum));
        var factor = Temperature * Temperature;
        return [g.ColumnSum(g.Formula(Numbered("scaled_divergence"), rows.Shape, a => factor * a[0] * a[1], rows, inputs[2])), max, logSum, taughtMax, taughtSum];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var (factor, inverse) = (Temperature, 1 / Temperature);
        return
        [
            g.Formula(Numbered("kl_divergence_gradient"), inputs[0].Shape,
                a => (Scalar.Exp((a[0] * inverse) - a[1] - a[2]) - Scalar.Exp((a[3] * inverse) - a[4] - a[5])) * (factor * a[6] * a[7]),
                inputs[0], outputs[1], outputs[2], inputs[1], outputs[3], outputs[4], inputs[2], upstream[0]!),
            null, null,
        ];
    }

    // The logarithm of a softmax, from a value, its row's greatest and the logarithm of its row's sum.
    private static Scalar LogOf(Scalar[] a, int first) => a[first] - a[first + 1] - a[first + 2];

    private string Numbered(string name) => string.Format(CultureInfo.InvariantCulture, "{0}({1:R})", name, Temperature);
}

internal static class KlDivergenceSyntax
{
    /// <param name="temperature">Above 0.</param>
    public static Value KlDivergence(this GraphBuilder g, Value logits, Value teacher, Value scale, double temperature) => g.Apply(new KlDivergenceOp(temperature), logits, teacher, scale);
}
