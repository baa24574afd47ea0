using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// y = dropout(softmax(scale q k^T + mask)) v for each head, where one sequence asks another (Vaswani et al. 2017, arXiv:1706.03762, section 3.2.3).
/// Inputs: queries [batch, queries, heads x d], keys and values beside each other [batch, keys, 2 x key heads x d] and, where padding is hidden, a mask
/// [batch, keys]. Causal: the last query sees all keys, and each before it one less. Cached: queries alone; keys, values and mask are those that another program left in the
/// model's cache of what is read, for programs without gradients. Outputs: as <see cref="SelfAttentionOp"/>, [batch, queries, heads x d].
/// </summary>
internal sealed record CrossAttentionOp(AttentionOptions Options) : Op
{
    public override string Name => Options.Cached ? "cached_cross_attention" : "cross_attention";

    public override bool IsInteger(int input) => input == 2 && !Options.FloatMask;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var q = inputs[0].Shape;
        if (Options.Cached)
        {
            return inputs.Count == 1 && q.Axes.Length == 3 && q.Columns % Options.Heads == 0 && Options.Heads % Options.KeyHeads == 0 ? Outputs(q)
                : throw new GraphException($"needs queries [batch, queries, {Options.Heads} x width of a head] alone");
        }

        var kv = inputs[1].Shape;
        if (q.Axes.Length != 3 || kv.Axes.Length != 3 || q.Axes[0] != kv.Axes[0] || q.Columns % Options.Heads != 0 || Options.Heads % Options.KeyHeads != 0
            || kv.Columns != q.Columns / Options.Heads * 2 * Options.KeyHeads)
        {
            throw new GraphException($"needs queries [batch, queries, {Options.Heads} x width of a head] and keys with values [batch, keys, {2 * Options.KeyHeads} x width of a head], and {Options.KeyHeads} heads of keys that divide the {Options.Heads} of queries");
        }

        if (inputs.Count == 3 && inputs[2].Shape.Count != kv.Rows)
        {
            throw new GraphException("the mask must be [batch, keys]");
        }

        return Outputs(q);
    }

    private Signature[] Outputs(Shape q) => [new Signature("attended", q.WithLast("width", q.Columns)), new Signature("log_sum", new Shape(q.Axes[0], new Axis("head", Options.Heads), q.Axes[1]))];

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        if (Options.Cached)
        {
            return NoGradient();
        }

        var gradients = g.ApplyAll(new CrossAttentionGradientOp(Options), [inputs[0], inputs[1], outputs[0], outputs[1], upstream[0]!, .. inputs.Skip(2)]);
        return inputs.Count == 2 ? [gradients[0], gradients[1]] : [gradients[0], gradients[1], null];
    }
}

/// <summary>The gradient of <see cref="CrossAttentionOp"/>: inputs q, kv, y, log of sums, dy and, where there is one, the mask; outputs dq and dkv.</summary>
internal sealed record CrossAttentionGradientOp(AttentionOptions Options) : Op
{
    public override string Name => "cross_attention_gradient";

    public override bool IsInteger(int input) => input == 5 && !Options.FloatMask;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("d_query", inputs[0].Shape), new Signature("d_key_value", inputs[1].Shape)];

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class CrossAttentionSyntax
{
    public static Value CrossAttention(this GraphBuilder g, Value queries, Value? keysAndValues, Value? mask, AttentionOptions options) =>
        g.Apply(new CrossAttentionOp(options), [.. new[] { queries, keysAndValues, mask }.OfType<Value>()]);
}
