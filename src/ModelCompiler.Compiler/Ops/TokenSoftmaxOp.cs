using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>Softmax over the tokens of each sample, for every column: y[b, t, h] = exp(x[b, t, h] - m) / sum over t of exp(x - m), m the greatest. dx = y (dy - sum over t of y dy).</summary>
internal sealed record TokenSoftmaxOp : CompositeOp
{
    public override string Name => "token_softmax";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[0].Shape.Axes.Length == 3
        ? [new Signature("probability", inputs[0].Shape)]
        : throw new GraphException("needs scores [batch, tokens, columns]");

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var tokens = inputs[0].Shape.Axes[1].Extent;
        var largest = g.Apply(new LargestOfTokensOp(tokens), inputs[0]);
        return [g.Apply(new TokenProbabilityOp(tokens), inputs[0], largest, g.Apply(new ExpSumOfTokensOp(tokens), inputs[0], largest))];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var tokens = inputs[0].Shape.Axes[1].Extent;
        return [g.Apply(new TokenSoftmaxGradientOp(tokens), outputs[0], upstream[0]!, g.Apply(new ProductOfTokensOp(tokens), outputs[0], upstream[0]!))];
    }
}

/// <summary>One value a sample and column from those of its tokens.</summary>
internal abstract record OverTokensOp(Extent Tokens) : RowOp
{
    protected static Position Token(Extent tokens) => (Position.Row * Position.Of(tokens)) + Position.Step;

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature(Name, new Shape(inputs[0].Shape.Axes[0], inputs[0].Shape.Axes[2]))];

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

/// <summary>The greatest of a sample's tokens.</summary>
internal sealed record LargestOfTokensOp(Extent Tokens) : OverTokensOp(Tokens)
{
    public override string Name => "largest_of_tokens";

    public override Scalar Formula(RowContext c) => new Scalar.Fold(Position.Of(Tokens), c.Rows(0).At(Token(Tokens)), isMax: true);
}

/// <summary>Sum of exp(x - m). Inputs: x, m.</summary>
internal sealed record ExpSumOfTokensOp(Extent Tokens) : OverTokensOp(Tokens)
{
    public override string Name => "exp_sum_of_tokens";

    public override Scalar Formula(RowContext c) => new Scalar.Fold(Position.Of(Tokens), Scalar.Exp(c.Rows(0).At(Token(Tokens)) - c.Rows(1).At(Position.Row)));
}

/// <summary>Sum of a b.</summary>
internal sealed record ProductOfTokensOp(Extent Tokens) : OverTokensOp(Tokens)
{
    public override string Name => "product_of_tokens";

    public override Scalar Formula(RowContext c) => new Scalar.Fold(Position.Of(Tokens), c.Rows(0).At(Token(Tokens)) * c.Rows(1).At(Token(Tokens)));
}

/// <summary>exp(x - m) / sum. Inputs: x, each sample's m and sum.</summary>
internal sealed record TokenProbabilityOp(Extent Tokens) : RowOp
{
    public override string Name => "token_probability";

    public override bool IsIndexed(int input) => input > 0;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("probability", inputs[0].Shape)];

    public override Scalar Formula(RowContext c)
    {
        var sample = Position.Row / Position.Of(Tokens);
        return Scalar.Exp(c.Input(0) - c.Rows(1).At(sample)) / c.Rows(2).At(sample);
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

/// <summary>y (dy - sum). Inputs: y, dy, each sample's sum of y dy.</summary>
internal sealed record TokenSoftmaxGradientOp(Extent Tokens) : RowOp
{
    public override string Name => "token_softmax_gradient";

    public override bool IsIndexed(int input) => input == 2;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("d_scores", inputs[0].Shape)];

    public override Scalar Formula(RowContext c) => c.Input(0) * (c.Input(1) - c.Rows(2).At(Position.Row / Position.Of(Tokens)));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class TokenSoftmaxSyntax
{
    public static Value TokenSoftmax(this GraphBuilder g, Value x) => g.Apply(new TokenSoftmaxOp(), x);
}
