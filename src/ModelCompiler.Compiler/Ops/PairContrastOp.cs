using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// Contrast both ways of vectors whose products are similarities s = A B^T, each row matching the column of its own number (InfoNCE with the other pairs of a batch as negatives;
/// van den Oord et al. 2018, arXiv:1807.03748): loss = scale x the mean of both ways of sum over r of (log sum exp s[r] - s[r, r]). Inputs: A, B [pairs, width], scale [1].
/// Outputs: loss [1], for the rows and for the columns of s the greatest m and l = log sum exp(s - m), and s[r, r], [pairs, 1] each. One op with its own kernel, because s
/// grows with the square of the pairs and need not be stored. With p = exp(s - m - l) of rows and of columns: ds = scale (p + p' - 2 identity) / 2, dA = ds B, dB = ds^T A.
/// Why m and l are two: <see cref="CrossEntropyOp"/>.
/// </summary>
internal sealed record PairContrastOp : Op
{
    public override string Name => "pair_contrast";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var (a, b) = (inputs[0].Shape, inputs[1].Shape);
        if (a.Axes.Length != 2 || !a.Equals(b) || !a.LastExtent.IsConstant || inputs[2].Shape.Count != Extent.One)
        {
            throw new GraphException("needs two matrices [pairs, width] and one scale");
        }

        var row = a.WithLast("one", 1);
        return [new Signature("loss", Shape.Scalar), .. new[] { "first_largest", "first_log_sum", "second_largest", "second_log_sum", "own" }.Select(name => new Signature(name, row))];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
    [
        g.Apply(new PairContrastGradientOp(), inputs[0], inputs[1], outputs[1], outputs[2], outputs[3], outputs[4], inputs[2], upstream[0]!),
        g.Apply(new PairContrastGradientOp(), inputs[1], inputs[0], outputs[3], outputs[4], outputs[1], outputs[2], inputs[2], upstream[0]!),
        null,
    ];
}

/// <summary>dA, and dB where the sides are exchanged: a side that does not learn costs nothing. Inputs: A, B, greatest and log sum of rows, those of columns, scale, dloss.</summary>
internal sealed record PairContrastGradientOp : Op
{
    public override string Name => "pair_contrast_gradient";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("d_" + inputs[0].Name, inputs[0].Shape)];

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class PairContrastSyntax
{
    public static Value PairContrast(this GraphBuilder g, Value a, Value b, Value scale) => g.Apply(new PairContrastOp(), a, b, scale);
}
