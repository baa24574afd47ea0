using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Ops;

/// <summary>What both directions of attention have in common. Head h is columns [h d, (h + 1) d) of query, key and value.</summary>
/// <param name="Heads">Number of heads of queries.</param>
/// <param name="KeyHeads">Number of heads of keys and values; head h of the queries reads head h KeyHeads / Heads of them.</param>
/// <param name="Scale">Factor of the scores; with <paramref name="ByLayer"/> divided by the number of the layer, from 1.</param>
/// <param name="Causal">A token sees itself and earlier ones only.</param>
/// <param name="Site">Place of dropout on probabilities.</param>
/// <param name="Dropout">Its probability; 0: none.</param>
/// <param name="Cached">Tokens are the last of more: they see keys and values that earlier calls of the program left in the model's cache, and leave theirs there; where one sequence asks another, all keys and values are there. For programs without gradients.</param>
/// <param name="FloatMask">The mask is of floats, 0 or 1, because it was computed.</param>
internal sealed record AttentionOptions(int Heads, int KeyHeads, double Scale, bool ByLayer, bool Causal, int Site, double Dropout, bool Cached = false, bool FloatMask = false)
{
    /// <summary>Heads of one token: queries, keys and values.</summary>
    public int AllHeads => Heads + (2 * KeyHeads);
}

/// <summary>
/// y = dropout(softmax(scale q k^T + mask)) v for each head, q, k and v being columns of one tensor in this order
/// (Vaswani et al. 2017, arXiv:1706.03762; shared keys: Ainslie et al. 2023, arXiv:2305.13245). Inputs: qkv [batch, tokens, all heads x d]
/// and, where padding is hidden, a mask [batch, tokens]. Outputs: y [batch, tokens, heads x d] and the log of each row's sum, from which backward computes the probabilities again.
/// </summary>
internal sealed record SelfAttentionOp(AttentionOptions Options) : Op
{
    public override string Name => Options.Cached ? "cached_attention" : "attention";

    public override bool IsInteger(int input) => input == 1 && !Options.FloatMask;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var x = inputs[0].Shape;
        if (x.Axes.Length != 3 || x.Columns % Options.AllHeads != 0 || Options.Heads % Options.KeyHeads != 0)
        {
            throw new GraphException($"needs [batch, tokens, {Options.AllHeads} x width of a head], and {Options.KeyHeads} heads of keys that divide the {Options.Heads} of queries");
        }

        if (inputs.Count == 2 && inputs[1].Shape.Count != x.Rows)
        {
            throw new GraphException("the mask must be [batch, tokens]");
        }

        return
        [
            new Signature("attended", x.WithLast("width", x.Columns / Options.AllHeads * Options.Heads)),
            new Signature("log_sum", new Shape(x.Axes[0], new Axis("head", Options.Heads), x.Axes[1])),
        ];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        if (Options.Cached)
        {
            return NoGradient();
        }

        var dqkv = g.Apply(new SelfAttentionGradientOp(Options), [inputs[0], outputs[0], outputs[1], upstream[0]!, .. inputs.Skip(1)]);
        return inputs.Count == 1 ? [dqkv] : [dqkv, null];
    }
}

/// <summary>The gradient of <see cref="SelfAttentionOp"/>: inputs qkv, y, log of sums, dy and, where there is one, the mask; output dqkv.</summary>
internal sealed record SelfAttentionGradientOp(AttentionOptions Options) : Op
{
    public override string Name => "attention_gradient";

    public override bool IsInteger(int input) => input == 4 && !Options.FloatMask;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("d_qkv", inputs[0].Shape)];

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class SelfAttentionSyntax
{
    public static Value SelfAttention(this GraphBuilder g, Value qkv, Value? mask, AttentionOptions options) =>
        mask is null ? g.Apply(new SelfAttentionOp(options), qkv) : g.Apply(new SelfAttentionOp(options), qkv, mask);
}
