using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

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

/// <summary>Where a row of a kernel is whose rows are the queries and keys of each head: ((sample x heads + head) x queries + query) x keys + key.</summary>
internal sealed record AttentionCells(AttentionOptions Options, Extent Queries, Extent Keys)
{
    public Position Key => Position.Row % Position.Of(Keys);

    public Position Query => QueryRow % Position.Of(Queries);

    public Position Head => HeadRow % Options.Heads;

    public Position Sample => HeadRow / Options.Heads;

    /// <summary>A query of a head of a sample: where the log of its sum is.</summary>
    public Position QueryRow => Position.Row / Position.Of(Keys);

    private Position HeadRow => QueryRow / Position.Of(Queries);

    /// <summary>[batch, heads, queries, keys].</summary>
    public Shape Of(Shape queries) => new(queries.Axes[0], new Axis("head", Options.Heads), new Axis("query", Queries), new Axis("key", Keys));
}

/// <summary>q k for each query and key of each head: [batch, heads, queries, keys, 1].</summary>
/// <param name="QueryHeads">Heads of a row of the first input.</param>
/// <param name="KeyRowHeads">Heads of a row of the second input.</param>
/// <param name="FirstKey">The first of them that is a key.</param>
internal sealed record AttentionScoresOp(AttentionCells Cells, int QueryHeads, int KeyRowHeads, int FirstKey) : RowOp
{
    public override string Name => "attention_scores";

    public override RowAction Action => RowAction.RowSum;

    public override bool IsIndexed(int input) => true;

    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => outputs[0].Shape.WithLast("channel", inputs[0].Shape.Columns / QueryHeads);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("score", new Shape([.. Cells.Of(inputs[0].Shape).Axes, new Axis("one", 1)]))];

    public override Scalar Formula(RowContext c)
    {
        var o = Cells.Options;
        return c.Rows(0).At((((Cells.Sample * Position.Of(Cells.Queries)) + Cells.Query) * QueryHeads) + Cells.Head)
            * c.Rows(1).At((((Cells.Sample * Position.Of(Cells.Keys)) + Cells.Key) * KeyRowHeads) + FirstKey + (Cells.Head * o.KeyHeads / o.Heads));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

/// <summary>exp(scale s - l), 0 for a key that is hidden. Inputs: scores, the log of sums and, where there is one, the mask.</summary>
internal sealed record AttentionProbabilityOp(AttentionCells Cells, bool HasMask) : RowOp
{
    public override string Name => "attention_probability";

    public override bool IsIndexed(int input) => input > 0;

    public override bool IsInteger(int input) => input == 2 && !Cells.Options.FloatMask;

    // A row is one number: keys are no columns.
    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => inputs[0].Shape;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("weight", new Shape([.. inputs[0].Shape.Axes.Take(4)]))];

    public override Scalar Formula(RowContext c)
    {
        var o = Cells.Options;
        var (keys, weight) = (Position.Of(Cells.Keys), Scalar.Exp((c.Input(0) * o.Scale) - new Scalar.ReadRow(c.Operand(1), Cells.QueryRow)));
        if (HasMask)
        {
            var key = (Cells.Sample * keys) + Cells.Key;
            weight = o.FloatMask ? Scalar.Where(new Scalar.ReadRow(c.Operand(2), key), 0, weight, 0) : new Scalar.ByRow(0, c.Integer(2, key), weight, 0);
        }

        return o.Causal ? new Scalar.ByRow(Cells.Query + keys - Position.Of(Cells.Queries), Cells.Key, 0, weight) : weight;
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
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
