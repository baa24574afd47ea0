using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// The probabilities of an attention, for somebody to look at: p[b, h, i, j] = exp(scale q[b, i, h] k[b, j, h] - l[b, h, i]), 0 where query i does not see key j; l is the log of the row's sum
/// that attention gives beside its result, so each row adds up to 1, or is 0 where a query sees nothing. Attention itself never stores them. No loss may depend on them: gradients go through attention.
/// Inputs: queries, keys and values as of <see cref="SelfAttentionOp"/> (one tensor) or <see cref="CrossAttentionOp"/> (two), the log of sums and, where there is one, the mask.
/// Output: [batch, heads, queries, keys], without dropout.
/// </summary>
/// <param name="IsOfSelf">Keys are the queries' own tokens.</param>
internal sealed record AttentionWeightsOp(AttentionOptions Options, bool IsOfSelf) : CompositeOp
{
    public override string Name => "attention_weights";

    private int LogSum => IsOfSelf ? 1 : 2;

    public override bool IsInteger(int input) => input == LogSum + 1 && !Options.FloatMask;

    public override bool IsDifferentiable(int output) => false;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        if (Options.ByLayer || Options.Cached)
        {
            throw new GraphException(Options.ByLayer ? "a formula does not know the number of the layer that scores are divided by" : "keys are in a cache, where no formula reads them");
        }

        var attended = IsOfSelf ? new SelfAttentionOp(Options).Infer([inputs[0], .. inputs.Skip(2)]) : new CrossAttentionOp(Options).Infer([inputs[0], inputs[1], .. inputs.Skip(3)]);
        return inputs[LogSum].Shape.Equals(attended[1].Shape)
            ? [new Signature("weight", Cells(inputs).Of(inputs[0].Shape))]
            : throw new GraphException($"the log of sums must be {attended[1].Shape}");
    }

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var cells = Cells(inputs);
        var (heads, keys) = IsOfSelf ? (Options.AllHeads, Options.AllHeads) : (Options.Heads, 2 * Options.KeyHeads);
        var scores = g.Apply(new AttentionScoresOp(cells, heads, keys, IsOfSelf ? Options.Heads : 0), inputs[0], inputs[LogSum - 1]);
        return [g.Apply(new AttentionProbabilityOp(cells, inputs.Count > LogSum + 1), [scores, .. inputs.Skip(LogSum)])];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();

    private AttentionCells Cells(IReadOnlyList<Value> inputs) => new(Options, inputs[0].Shape.Axes[1].Extent, inputs[LogSum - 1].Shape.Axes[1].Extent);
}

internal static class AttentionWeightsSyntax
{
    /// <summary>The weights with which an attention made its result.</summary>
    public static Value AttentionWeights(this GraphBuilder g, Value attended)
    {
        var node = attended.Producer;
        var (options, isOfSelf) = node.Op switch
        {
            SelfAttentionOp s => (s.Options, true),
            CrossAttentionOp c => (c.Options, false),
            _ => throw new GraphException($"'{attended.Name}' is no result of attention"),
        };
        var tensors = isOfSelf ? 1 : 2;
        return g.Apply(new AttentionWeightsOp(options, isOfSelf), [.. node.Inputs.Take(tensors), node.Outputs[1], .. node.Inputs.Skip(tensors)]);
    }
}
