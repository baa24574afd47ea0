using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// Queries, keys and values of one tensor [batch, tokens, (heads + 2 x key heads) x width], each [batch, tokens, heads, width]: what a norm of
/// each head reads.
/// </summary>
internal sealed record SplitHeadsOp(int Heads, int KeyHeads) : CompositeOp
{
    public override string Name => "split_heads";

    public override bool IsDifferentiable(int output) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var (x, all) = (inputs[0].Shape, Heads + (2 * KeyHeads));
        return x.Axes.Length == 3 && x.Columns % all == 0
            ? [.. Parts.Select(p => new Signature(p.Name, HeadRowsOp.Rows(x, p.Count, x.Columns / all)))]
            : throw new GraphException($"needs x [batch, tokens, {all} x width]");
    }

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs) =>
        [.. Parts.Select(p => g.Apply(new HeadRowsOp(Heads + (2 * KeyHeads), p.First, p.Count), inputs[0]))];

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [g.Apply(new JoinHeadsOp(Heads, KeyHeads), upstream[0]!, upstream[1]!, upstream[2]!)];

    private (string Name, int First, int Count)[] Parts => [("queries", 0, Heads), ("keys", Heads, KeyHeads), ("values", Heads + KeyHeads, KeyHeads)];
}

/// <summary>Some heads of x [batch, tokens, all x width], a row each: y [batch, tokens, count, width].</summary>
internal sealed record HeadRowsOp(int All, int First, int Count) : RowOp
{
    public override string Name => "head_rows";

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("heads", Rows(inputs[0].Shape, Count, inputs[0].Shape.Columns / All))];

    public override Scalar Formula(RowContext c) => c.Rows(0).At((Position.Row / Count * All) + First + (Position.Row % Count));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();

    /// <summary>The shape of heads of tokens.</summary>
    public static Shape Rows(Shape tokens, int count, int width) => new(tokens.Axes[0], tokens.Axes[1], new Axis("head", count), new Axis("channel", width));
}

/// <summary>Queries, keys and values, each [batch, tokens, heads, width], behind one another: the inverse of <see cref="SplitHeadsOp"/>.</summary>
internal sealed record JoinHeadsOp(int Heads, int KeyHeads) : RowOp
{
    private int All => Heads + (2 * KeyHeads);

    public override string Name => "join_heads";

    public override bool IsIndexed(int input) => true;

    // A row is a head.
    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => HeadRowsOp.Rows(inputs[0].Shape, All, inputs[0].Shape.Columns);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var x = inputs[0].Shape;
        return inputs.Select(static i => i.Shape).SequenceEqual(new[] { Heads, KeyHeads, KeyHeads }.Select(n => HeadRowsOp.Rows(x, n, x.Columns)))
            ? [new Signature("joined", new Shape(x.Axes[0], x.Axes[1], new Axis("out", All * x.Columns)))]
            : throw new GraphException($"needs queries of {Heads} heads, and keys and values of {KeyHeads}, of one width");
    }

    public override Scalar Formula(RowContext c)
    {
        var (token, part) = (Position.Row / All, Position.Row % All);
        return new Scalar.ByRow(part, Heads, c.Rows(0).At((token * Heads) + part),
            new Scalar.ByRow(part, Heads + KeyHeads, c.Rows(1).At((token * KeyHeads) + part - Heads), c.Rows(2).At((token * KeyHeads) + part - (Heads + KeyHeads))));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [.. g.ApplyAll(new SplitHeadsOp(Heads, KeyHeads), upstream[0]!)];
}

internal static class HeadsSyntax
{
    public static (Value Queries, Value Keys, Value Values) SplitHeads(this GraphBuilder g, Value x, int heads, int keyHeads) =>
        g.ApplyAll(new SplitHeadsOp(heads, keyHeads), x) is [var queries, var keys, var values] ? (queries, keys, values) : throw new GraphException("three parts");

    public static Value JoinHeads(this GraphBuilder g, Value queries, Value keys, Value values) =>
        g.Apply(new JoinHeadsOp((int)queries.Shape.Axes[2].Extent.Factor, (int)keys.Shape.Axes[2].Extent.Factor), queries, keys, values);
}
