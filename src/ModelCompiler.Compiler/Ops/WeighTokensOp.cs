using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// Sums of tokens, weighted for each head: y[b, h] = sum over t of p[b, t, h] v[b, t, h], head h being columns [h d, (h + 1) d).
/// Inputs: p [batch, tokens, heads], v [batch, tokens, heads x d]. dp = sum over channels of v dy, dv = p dy.
/// </summary>
internal sealed record WeighTokensOp(Extent Tokens, int Heads) : RowOp
{
    public override string Name => "weigh_tokens";

    public override bool IsIndexed(int input) => true;

    // A row is a head.
    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) =>
        new(inputs[1].Shape.Axes[0], new Axis("head", Heads), new Axis("channel", inputs[1].Shape.Columns / Heads));

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var (p, v) = (inputs[0].Shape, inputs[1].Shape);
        return v.Axes.Length == 3 && v.Columns % Heads == 0 && p.Equals(v.WithLast("head", Heads))
            ? [new Signature("weighed", new Shape(v.Axes[0], v.Axes[2]))]
            : throw new GraphException($"needs weights [batch, tokens, {Heads}] and values [batch, tokens, {Heads} x width]");
    }

    public override Scalar Formula(RowContext c)
    {
        var at = ((((Position.Row / Heads) * Position.Of(Tokens)) + Position.Step) * Heads) + (Position.Row % Heads);
        return new Scalar.Fold(Position.Of(Tokens), c.Rows(1).At(at) * new Scalar.ReadRow(c.Operand(0), at));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
    [
        g.Apply(new TokenWeightGradientOp(Tokens, Heads), inputs[1], upstream[0]!),
        g.Apply(new SpreadWeightsOp(Tokens, Heads, inputs[1].Shape), inputs[0], upstream[0]!),
    ];
}

/// <summary>dp of <see cref="WeighTokensOp"/>. Inputs: v, dy.</summary>
internal sealed record TokenWeightGradientOp(Extent Tokens, int Heads) : RowOp
{
    public override string Name => "token_weight_gradient";

    public override RowAction Action => RowAction.RowSum;

    public override bool IsIndexed(int input) => true;

    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => HeadRowsOp.Rows(inputs[0].Shape, Heads, inputs[0].Shape.Columns / Heads);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("d_probability", inputs[0].Shape.WithLast("head", Heads))];

    public override Scalar Formula(RowContext c) => c.Rows(0).At(Position.Row) * c.Rows(1).At(WeighTokens.HeadOf(Tokens, Heads));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

/// <summary>dv of <see cref="WeighTokensOp"/>. Inputs: p, dy.</summary>
internal sealed record SpreadWeightsOp(Extent Tokens, int Heads, Shape Result) : RowOp
{
    public override string Name => "spread_weights";

    public override bool IsIndexed(int input) => true;

    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => HeadRowsOp.Rows(Result, Heads, Result.Columns / Heads);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("d_values", Result)];

    public override Scalar Formula(RowContext c) => new Scalar.ReadRow(c.Operand(0), Position.Row) * c.Rows(1).At(WeighTokens.HeadOf(Tokens, Heads));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class WeighTokens
{
    /// <summary>The head of a sample that a head of a token belongs to.</summary>
    public static Position HeadOf(Extent tokens, int heads) => (Position.Row / (Position.Of(tokens) * heads) * heads) + (Position.Row % heads);

    public static Value Weigh(this GraphBuilder g, Value weights, Value tokens, int heads) => g.Apply(new WeighTokensOp(tokens.Shape.Axes[1].Extent, heads), weights, tokens);
}
