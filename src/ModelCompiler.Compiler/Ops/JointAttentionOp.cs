using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// Attention of a sequence to its own keys and to those of a second one, under one softmax: y = softmax([scale q k^T, scale q k'^T]) [v; v'] for each head. The two lie in tensors of their
/// own, each with the mask that its part needs, so what a query must not see is either hidden by an index test or not computed at all. Each part is attention by itself; with the logs
/// of their sums l and l', y = y' + sigmoid(l - l') (y - y') and the log of both sums is log(exp l + exp l'). Backward runs each part's gradient with the joint y and sum.
/// Inputs: qkv of the sequence [samples, tokens, (heads + 2 x key heads) x d], that of the other [samples, others, ..], then the mask of each part that has one [samples, tokens].
/// Outputs as <see cref="SelfAttentionOp"/>. Each query sees a key in both parts.
/// </summary>
/// <param name="Own">How a query sees its own sequence.</param>
/// <param name="Other">How it sees the other one: all of it that is not padding.</param>
internal sealed record JointAttentionOp(AttentionOptions Own, AttentionOptions Other, bool HasOwnMask, bool HasOtherMask) : CompositeOp
{
    public override string Name => "joint_attention";

    private int OtherMask => HasOwnMask ? 3 : 2;

    public override bool IsInteger(int input) => input >= 2 && !(HasOwnMask && input == 2 ? Own : Other).FloatMask;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var (own, other) = (inputs[0].Shape, inputs[1].Shape);
        if (own.Axes.Length != 3 || other.Axes.Length != 3 || own.Axes[0].Extent != other.Axes[0].Extent || own.Columns != other.Columns || (Own.Heads, Own.KeyHeads) != (Other.Heads, Other.KeyHeads))
        {
            throw new GraphException($"needs two sequences [samples, tokens, {Own.AllHeads} x width of a head] of as many samples");
        }

        if (HasOtherMask && inputs[OtherMask].Shape.Count != other.Rows)
        {
            throw new GraphException("the mask of the other sequence must be [samples, tokens] of it");
        }

        return new SelfAttentionOp(Own).Infer([inputs[0], .. OwnMaskOf(inputs)]);
    }

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var own = g.ApplyAll(new SelfAttentionOp(Own), [inputs[0], .. OwnMaskOf(inputs)]);
        var other = g.ApplyAll(new CrossAttentionOp(Other), [Queries(g, inputs[0]), KeysAndValues(g, inputs[1]), .. OtherMaskOf(inputs)]);
        return [g.Apply(new MixedAttentionOp(Own.Heads, inputs[0].Shape.Axes[1].Extent), own[0], other[0], own[1], other[1]), g.Apply(new JointLogSumOp(), own[1], other[1])];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var own = g.Apply(new SelfAttentionGradientOp(Own), [inputs[0], outputs[0], outputs[1], upstream[0]!, .. OwnMaskOf(inputs)]);
        var other = g.ApplyAll(new CrossAttentionGradientOp(Other), [Queries(g, inputs[0]), KeysAndValues(g, inputs[1]), outputs[0], outputs[1], upstream[0]!, .. OtherMaskOf(inputs)]);
        return
        [
            g.Add(own, g.Apply(new PlaceHeadsOp(Own.AllHeads, 0, Own.Heads), other[0])),
            g.Apply(new PlaceHeadsOp(Own.AllHeads, Own.Heads, 2 * Own.KeyHeads), other[1]),
            .. inputs.Skip(2).Select(static _ => (Value?)null),
        ];
    }

    private Value[] OwnMaskOf(IReadOnlyList<Value> inputs) => HasOwnMask ? [inputs[2]] : [];

    private Value[] OtherMaskOf(IReadOnlyList<Value> inputs) => HasOtherMask ? [inputs[OtherMask]] : [];

    private Value Queries(GraphBuilder g, Value qkv) => g.Apply(new TakeHeadsOp(Own.AllHeads, 0, Own.Heads), qkv);

    private Value KeysAndValues(GraphBuilder g, Value qkv) => g.Apply(new TakeHeadsOp(Own.AllHeads, Own.Heads, 2 * Own.KeyHeads), qkv);
}

/// <summary>Some heads of x [samples, tokens, all x width], beside each other: y [samples, tokens, count x width].</summary>
internal sealed record TakeHeadsOp(int All, int First, int Count) : RowOp
{
    public override string Name => "take_heads";

    public override bool IsIndexed(int input) => true;

    // A row is a head.
    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => HeadRowsOp.Rows(inputs[0].Shape, Count, inputs[0].Shape.Columns / All);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("heads", inputs[0].Shape.WithLast("width", inputs[0].Shape.Columns / All * Count))];

    public override Scalar Formula(RowContext c) => c.Rows(0).At((Position.Row / Count * All) + First + (Position.Row % Count));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

/// <summary>The gradient of <see cref="TakeHeadsOp"/>: its heads in their places, 0 in those of the others.</summary>
internal sealed record PlaceHeadsOp(int All, int First, int Count) : RowOp
{
    public override string Name => "place_heads";

    public override bool IsIndexed(int input) => true;

    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => HeadRowsOp.Rows(inputs[0].Shape, All, inputs[0].Shape.Columns / Count);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("placed_heads", inputs[0].Shape.WithLast("width", inputs[0].Shape.Columns / Count * All))];

    public override Scalar Formula(RowContext c)
    {
        var (token, head) = (Position.Row / All, Position.Row % All);
        return new Scalar.ByRow(head, First, 0, new Scalar.ByRow(head, First + Count, c.Rows(0).At((token * Count) + head - First), 0));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

/// <summary>What two parts of attention give together: y = y' + sigmoid(l - l') (y - y') for each head. Inputs: y, y' [samples, tokens, heads x width], l, l' [samples, heads, tokens].</summary>
internal sealed record MixedAttentionOp(int Heads, Extent Tokens) : RowOp
{
    public override string Name => "mixed_attention";

    public override bool IsIndexed(int input) => true;

    // A row is a head.
    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => HeadRowsOp.Rows(inputs[0].Shape, Heads, inputs[0].Shape.Columns / Heads);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("attended", inputs[0].Shape)];

    public override Scalar Formula(RowContext c)
    {
        var (token, tokens) = (Position.Row / Heads, Position.Of(Tokens));
        var at = (((token / tokens * Heads) + (Position.Row % Heads)) * tokens) + (token % tokens);
        var share = Scalar.Sigmoid(new Scalar.ReadRow(c.Operand(2), at) - new Scalar.ReadRow(c.Operand(3), at));
        var other = c.Rows(1).At(Position.Row);
        return other + (share * (c.Rows(0).At(Position.Row) - other));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

/// <summary>log(exp l + exp l') of one number each.</summary>
internal sealed record JointLogSumOp : RowOp
{
    public override string Name => "joint_log_sum";

    public override bool IsIndexed(int input) => true;

    // A row is one number: tokens are no columns.
    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => new([.. inputs[0].Shape.Axes, new Axis("one", 1)]);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("log_sum", inputs[0].Shape)];

    public override Scalar Formula(RowContext c)
    {
        var (own, other) = (c.Rows(0).At(Position.Row), c.Rows(1).At(Position.Row));
        return Scalar.Max(own, other) + Scalar.Log(1 + Scalar.Exp(-Scalar.Abs(own - other)));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class JointAttentionSyntax
{
    public static Value JointAttention(this GraphBuilder g, Value own, Value? ownMask, AttentionOptions ownOptions, Value other, Value? otherMask, AttentionOptions otherOptions) =>
        g.Apply(new JointAttentionOp(ownOptions, otherOptions, ownMask is not null, otherMask is not null), [own, other, .. ownMask is null ? [] : (Value[])[ownMask], .. otherMask is null ? [] : (Value[])[otherMask]]);
}
