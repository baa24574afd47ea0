using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// Whether two belong together, asked of every combination of a batch (SigLIP; Zhai et al. 2023, arXiv:2303.15343): loss = scale x sum over r, c of
/// log(1 + exp(-z x[r, c])), z = 1 where r = c, else -1, of similarities x = A B^T + b, which are never stored. Inputs: A, B [pairs, width], scale [1], with a bias b [1].
/// Outputs: loss [1], and [pairs, 1] each, sums of a row's losses and of their slopes. dx = scale (sigmoid(x) - identity), dA = dx B, dB = dx^T A, db = the sum of dx, which is that
/// of the slopes.
/// </summary>
internal sealed record PairSigmoidOp(bool HasBias) : Op, IPairLossOp
{
    public override string Name => "pair_sigmoid";

    public PairRule Rule => new PairRule.Sigmoid();

    public IReadOnlyList<PairRole> Roles =>
        [PairRole.First, PairRole.Second, PairRole.Scale, .. PairContrastOp.If(HasBias, PairRole.Bias), PairRole.Loss, PairRole.Losses, PairRole.Slopes];

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var (a, b) = (inputs[0].Shape, inputs[1].Shape);
        if (a.Axes.Length != 2 || !a.Equals(b) || !a.LastExtent.IsConstant || inputs.Skip(2).Any(static i => i.Shape.Count != Extent.One))
        {
            throw new GraphException("needs two matrices [pairs, width], one scale and one bias");
        }

        var row = a.WithLast("one", 1);
        return [new Signature("loss", Shape.Scalar), new Signature("losses", row), new Signature("slopes", row)];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        Value Of(int side) => g.Apply(new PairSigmoidGradientOp(HasBias), [inputs[side], inputs[1 - side], inputs[2], upstream[0]!, .. inputs.Skip(3)]);
        var gradients = new List<Value?> { Of(0), Of(1), null };
        if (HasBias)
        {
            gradients.Add(g.ColumnSum(g.Formula("d_bias", outputs[2].Shape, static a => a[0] * (a[1] * a[2]), outputs[2], inputs[2], upstream[0]!)));
        }

        return gradients;
    }
}

/// <summary>The gradient of one side. Inputs: rows, which are of that side, columns, scale, dloss, with a bias that.</summary>
internal sealed record PairSigmoidGradientOp(bool HasBias) : Op, IPairLossOp
{
    public override string Name => "pair_sigmoid_gradient";

    public PairRule Rule => new PairRule.Sigmoid();

    public IReadOnlyList<PairRole> Roles => [PairRole.First, PairRole.Second, PairRole.Scale, PairRole.Loss, .. PairContrastOp.If(HasBias, PairRole.Bias), PairRole.Gradient];

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("d_" + inputs[0].Name, inputs[0].Shape)];

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class PairSigmoidSyntax
{
    /// <param name="bias">Added to every similarity; null: nothing.</param>
    public static Value PairSigmoid(this GraphBuilder g, Value a, Value b, Value scale, Value? bias = null) =>
        g.Apply(new PairSigmoidOp(bias is not null), [a, b, scale, .. bias is null ? [] : (Value[])[bias]]);
}
