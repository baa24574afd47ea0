using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y[b, t] = prefix[b, t] for the first tokens, else x[b, t]: rows begin with tokens that were computed elsewhere. Inputs: x [batch, tokens, width], prefix [batch, prefix, width]; a row has at least as many tokens.</summary>
/// <param name="Prefix">Number of tokens that are put first.</param>
/// <param name="Tokens">Tokens of a sample of x.</param>
internal sealed record BeginWithOp(int Prefix, Extent Tokens) : RowOp
{
    public override string Name => "begin_with";

    public override bool IsIndexed(int input) => input == 1;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var (x, prefix) = (inputs[0].Shape, inputs[1].Shape);
        return x.Axes.Length == 3 && prefix.Axes.Length == 3 && prefix.Axes[0] == x.Axes[0] && x.Axes[1].Extent == Tokens && prefix.Axes[1].Extent == Prefix && prefix.LastExtent == x.LastExtent
            ? [new Signature(inputs[0].Name, x)]
            : throw new GraphException($"needs x [batch, tokens, width] and prefix [batch, {Prefix}, width]");
    }

    public override Scalar Formula(RowContext c)
    {
        var token = Position.Row % Position.Of(Tokens);
        return new Scalar.ByRow(token, Prefix, c.Rows(1).At((Position.Row / Position.Of(Tokens) * Prefix) + token), c.Input(0));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [g.Apply(new SkipPrefixOp(Prefix, Tokens), upstream[0]!), g.Apply(new TakePrefixOp(Prefix, Tokens, inputs[1].Shape), upstream[0]!)];
}

/// <summary>y[b, t] = 0 for the first tokens of a sample, else x[b, t].</summary>
internal sealed record SkipPrefixOp(int Prefix, Extent Tokens) : RowOp
{
    public override string Name => "skip_prefix";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("behind_prefix", inputs[0].Shape)];

    public override Scalar Formula(RowContext c) => new Scalar.ByRow(Position.Row % Position.Of(Tokens), Prefix, 0, c.Input(0));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

/// <summary>y[b, t] = x[b, t] for the first tokens of a sample.</summary>
internal sealed record TakePrefixOp(int Prefix, Extent Tokens, Shape Result) : RowOp
{
    public override string Name => "take_prefix";

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("prefix", Result)];

    public override Scalar Formula(RowContext c) => c.Rows(0).At((Position.Row / Prefix * Position.Of(Tokens)) + (Position.Row % Prefix));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class BeginWithSyntax
{
    public static Value BeginWith(this GraphBuilder g, Value x, Value prefix) => g.Apply(new BeginWithOp(checked((int)prefix.Shape.Axes[1].Extent.Factor), x.Shape.Axes[1].Extent), x, prefix);
}
