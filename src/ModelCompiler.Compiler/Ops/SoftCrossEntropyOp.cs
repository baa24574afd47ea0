using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// The cross-entropy of distributions: loss = scale x sum over rows r and classes c of t[r, c] (log sum exp logits[r] - logits[r, c]), t = (1 - smoothing) targets + smoothing / classes.
/// Inputs: logits [.., classes], targets of the same shape, scale [1]. Outputs: loss [1], each row's greatest logit m and s = log sum exp(logits - m).
/// dlogits = scale ((sum of t[r]) exp(logits - m - s) - t); targets have no gradient. Why m and s are two: <see cref="CrossEntropyOp"/>.
/// </summary>
internal sealed record SoftCrossEntropyOp(double Smoothing = 0) : CompositeOp
{
    public override string Name => "soft_cross_entropy";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[0].Shape.Equals(inputs[1].Shape) && inputs[2].Shape.Count == Extent.One
        ? CrossEntropyOp.Signatures(inputs[0].Shape)
        : throw new GraphException("needs targets of the logits' shape and one scale");

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var (max, logSum) = CrossEntropyOp.ShiftedLogSum(g, inputs[0]);
        var rows = g.RowSum(g.Formula("weighted_loss", inputs[0].Shape, static a => a[0] * (a[3] - (a[1] - a[2])), Aimed(g, inputs[1]), inputs[0], max, logSum));
        return [g.ColumnSum(g.Formula("scaled_loss", rows.Shape, static a => a[0] * a[1], rows, inputs[2])), max, logSum];
    }

    // A row of targets may add up to something else than 1.
    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var targets = Aimed(g, inputs[1]);
        return
        [
            g.Formula("soft_cross_entropy_gradient", inputs[0].Shape, static a => ((a[4] * Scalar.Exp(a[0] - a[1] - a[2])) - a[3]) * (a[5] * a[6]),
                inputs[0], outputs[1], outputs[2], targets, g.RowSum(targets), inputs[2], upstream[0]!),
            null, null,
        ];
    }

    private Value Aimed(GraphBuilder g, Value targets)
    {
        var share = Smoothing / targets.Shape.Columns;
        return Smoothing == 0 ? targets : g.Formula($"smoothed_targets({Smoothing}, {share})", targets.Shape, a => ((1 - Smoothing) * a[0]) + share, targets);
    }
}

internal static class SoftCrossEntropySyntax
{
    /// <param name="smoothing">0 to below 1.</param>
    public static Value SoftCrossEntropy(this GraphBuilder g, Value logits, Value targets, Value scale, double smoothing = 0) => g.Apply(new SoftCrossEntropyOp(smoothing), logits, targets, scale);
}
