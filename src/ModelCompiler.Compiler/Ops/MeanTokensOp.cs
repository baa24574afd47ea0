using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// y[b] = mean of x[b, t] over the tokens from <see cref="Skip"/> on, or over those whose weight is not 0.
/// Inputs: x [batch, tokens, width] and, where padding is left out, weights [batch, tokens] (1 = token, float) and their sums [batch].
/// </summary>
internal sealed record MeanTokensOp(Extent Tokens, int Skip, bool Weighted) : RowOp
{
    public override string Name => "mean_tokens";

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var x = inputs[0].Shape;
        if (x.Axes.Length != 3 || (Weighted && !(inputs[1].Shape.Equals(new Shape(x.Axes[0], x.Axes[1])) && inputs[2].Shape.Equals(new Shape(x.Axes[0])))))
        {
            throw new GraphException("needs [batch, tokens, width] and, with weights, [batch, tokens] and [batch]");
        }

        return Weighted || (Tokens.IsConstant && Skip >= 0 && Skip < Tokens.Factor)
            ? [new Signature("mean_token", new Shape(x.Axes[0], x.Axes[2]))]
            : throw new GraphException($"the mean of {Tokens} tokens but {Skip} needs weights, or a known number that is left");
    }

    public override Scalar Formula(RowContext c)
    {
        var tokens = Position.Of(Tokens);
        var position = (Position.Row * tokens) + Skip + Position.Step;
        var x = c.Rows(0).At(position);
        return Weighted
            ? new Scalar.Fold(tokens, x * new Scalar.ReadRow(c.Operand(1), position)) / new Scalar.ReadRow(c.Operand(2), Position.Row)
            : new Scalar.Fold(tokens - Skip, x) * (1.0 / (Tokens.Factor - Skip));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var dx = g.Apply(new SpreadMeanOp(Tokens, Skip, Weighted, inputs[0].Shape), [upstream[0]!, .. inputs.Skip(1)]);
        return Weighted ? [dx, null, null] : [dx];
    }
}

/// <summary>The gradient of <see cref="MeanTokensOp"/>: dx[b, t] = dy[b] / count for the tokens that were averaged, else 0.</summary>
internal sealed record SpreadMeanOp(Extent Tokens, int Skip, bool Weighted, Shape Result) : RowOp
{
    public override string Name => "spread_mean";

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("spread", Result)];

    public override Scalar Formula(RowContext c)
    {
        var tokens = Position.Of(Tokens);
        var sample = Position.Row / tokens;
        var dy = c.Rows(0).At(sample);
        return Weighted
            ? dy * new Scalar.ReadRow(c.Operand(1), Position.Row) / new Scalar.ReadRow(c.Operand(2), sample)
            : new Scalar.ByRow(Position.Row % tokens, Skip, 0, dy * (1.0 / (Tokens.Factor - Skip)));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class MeanTokensSyntax
{
    public static Value MeanTokens(this GraphBuilder g, Value x, int skip) => g.Apply(new MeanTokensOp(x.Shape.Axes[1].Extent, skip, false), x);

    public static Value MeanTokens(this GraphBuilder g, Value x, Value weights, Value counts) =>
        g.Apply(new MeanTokensOp(x.Shape.Axes[1].Extent, 0, true), x, weights, counts);
}
