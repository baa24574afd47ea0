using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Ops;

/// <summary>What both directions of attention have in common. Head h is columns [h d, (h + 1) d) of query, key and value.</summary>
/// <param name="Heads">Number of heads.</param>
/// <param name="Causal">A token sees itself and earlier ones only.</param>
/// <param name="Site">Place of dropout on probabilities.</param>
/// <param name="Dropout">Its probability; 0: none.</param>
internal sealed record AttentionOptions(int Heads, bool Causal, int Site, double Dropout);

/// <summary>
/// y = dropout(softmax(q k^T / sqrt(d) + mask)) v for each head, q, k and v being thirds of the columns of one tensor
/// (Vaswani et al. 2017, arXiv:1706.03762). Inputs: qkv [batch, tokens, 3 width] and, where padding is hidden, a mask [batch, tokens].
/// Outputs: y [batch, tokens, width] and the log of each row's sum, from which backward computes the probabilities again.
/// </summary>
internal sealed record SelfAttentionOp(AttentionOptions Options) : Op
{
    public override string Name => "attention";

    public override bool IsInteger(int input) => input == 1;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var x = inputs[0].Shape;
        if (x.Axes.Length != 3 || x.Columns % (3 * Options.Heads) != 0)
        {
            throw new GraphException($"needs [batch, tokens, 3 x width] with a width that {Options.Heads} divides");
        }

        if (inputs.Count == 2 && !inputs[1].Shape.Equals(new Shape(x.Axes[0], x.Axes[1])))
        {
            throw new GraphException("the mask must be [batch, tokens]");
        }

        return
        [
            new Signature("attended", x.WithLast("width", x.Columns / 3)),
            new Signature("log_sum", new Shape(x.Axes[0], new Axis("head", Options.Heads), x.Axes[1])),
        ];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var dqkv = g.Apply(new SelfAttentionGradientOp(Options), [inputs[0], outputs[0], outputs[1], upstream[0]!, .. inputs.Skip(1)]);
        return inputs.Count == 1 ? [dqkv] : [dqkv, null];
    }
}

/// <summary>The gradient of <see cref="SelfAttentionOp"/>: inputs qkv, y, log of sums, dy and, where there is one, the mask; output dqkv.</summary>
internal sealed record SelfAttentionGradientOp(AttentionOptions Options) : Op
{
    public override string Name => "attention_gradient";

    public override bool IsInteger(int input) => input == 4;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("d_qkv", inputs[0].Shape)];

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class SelfAttentionSyntax
{
    public static Value SelfAttention(this GraphBuilder g, Value qkv, Value? mask, AttentionOptions options) =>
        mask is null ? g.Apply(new SelfAttentionOp(options), qkv) : g.Apply(new SelfAttentionOp(options), qkv, mask);
}
