using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y[b, t] = token where masked[b, t] is not 0, else x[b, t]. Inputs: x [batch, tokens, width], token [1, width], masked [batch, tokens].</summary>
internal sealed record ReplaceTokensOp : RowOp
{
    public override string Name => "replace_tokens";

    public override bool IsInteger(int input) => input == 2;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var (x, token) = (inputs[0].Shape, inputs[1].Shape);
        return x.Axes.Length == 3 && token.Count == x.LastExtent && inputs[2].Shape.Equals(new Shape(x.Axes[0], x.Axes[1]))
            ? [new Signature("replaced", x)]
            : throw new GraphException("needs x [batch, tokens, width], one token [1, width], and masked [batch, tokens]");
    }

    public override bool IsIndexed(int input) => input == 2;

    public override Scalar Formula(RowContext c) => Chosen(c, 2, c.Input(1), c.Input(0));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
    [
        g.Apply(new SelectRowsOp(false), upstream[0]!, inputs[2]),
        g.ColumnSum(g.Apply(new SelectRowsOp(true), upstream[0]!, inputs[2])),
        null,
    ];

    /// <summary>One formula in rows that are masked, another in the others.</summary>
    internal static Scalar Chosen(RowContext c, int masked, Scalar there, Scalar elsewhere) => new Scalar.ByRow(0, c.Integer(masked, Position.Row), there, elsewhere);
}

/// <summary>y[r] = x[r] in rows that are masked (or in those that are not), else 0. Inputs: x, masked.</summary>
internal sealed record SelectRowsOp(bool IsMasked) : RowOp
{
    public override string Name => "select_rows";

    public override bool IsInteger(int input) => input == 1;

    public override bool IsIndexed(int input) => input == 1;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("selected_rows", inputs[0].Shape)];

    public override Scalar Formula(RowContext c) => IsMasked ? ReplaceTokensOp.Chosen(c, 1, c.Input(0), 0) : ReplaceTokensOp.Chosen(c, 1, 0, c.Input(0));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class ReplaceTokensSyntax
{
    public static Value ReplaceTokens(this GraphBuilder g, Value x, Value token, Value masked) => g.Apply(new ReplaceTokensOp(), x, token, masked);
}
