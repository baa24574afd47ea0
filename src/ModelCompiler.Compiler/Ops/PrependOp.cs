using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y[b] = prefix, then x[b]: the same tokens before those of every sample (class token, registers).</summary>
/// <param name="Prefix">Number of tokens put before.</param>
/// <param name="Tokens">Number of tokens of a sample of x.</param>
internal sealed record PrependOp(int Prefix, Extent Tokens) : RowOp
{
    public override string Name => "prepend";

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var (prefix, x) = (inputs[0].Shape, inputs[1].Shape);
        if (x.Axes.Length != 3 || prefix.Rows != Prefix || prefix.LastExtent != x.LastExtent || x.Axes[1].Extent != Tokens || !Tokens.IsConstant)
        {
            throw new GraphException("needs prefix [prefix, width] and x [batch, tokens, width]");
        }

        return [new Signature("tokens", new Shape(x.Axes[0], new Axis("token", Prefix + (int)Tokens.Factor), x.Axes[2]))];
    }

    public override Scalar Formula(RowContext c)
    {
        Position all = Prefix + (int)Tokens.Factor;
        var token = Position.Row % all;
        return new Scalar.ByRow(token, Prefix,
            c.Rows(0).At(token),
            c.Rows(1).At((Position.Row / all * Position.Of(Tokens)) + token - Prefix));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
    [
        g.Apply(new SumOverBatchOp(inputs[0].Shape, Prefix + (int)Tokens.Factor), upstream[0]!),
        g.Apply(new DropPrefixOp(Prefix, Tokens, inputs[1].Shape), upstream[0]!),
    ];
}

/// <summary>y[b, t] = x[b, prefix + t]: the tokens behind a prefix.</summary>
internal sealed record DropPrefixOp(int Prefix, Extent Tokens, Shape Result) : RowOp
{
    public override string Name => "drop_prefix";

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("without_prefix", Result)];

    public override Scalar Formula(RowContext c)
    {
        var kept = Position.Of(Tokens);
        return c.Rows(0).At((Position.Row / kept * (Prefix + (int)Tokens.Factor)) + Prefix + (Position.Row % kept));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class PrependSyntax
{
    public static Value Prepend(this GraphBuilder g, Value prefix, Value x) =>
        g.Apply(new PrependOp(checked((int)prefix.Shape.Rows.Factor), x.Shape.Axes[1].Extent), prefix, x);
}
