using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y[b] = x[b, index[b]], or x[b, token] where no index is given, the last token for <see cref="Last"/>. Inputs: x and, with <see cref="ByIndex"/>, index [batch].</summary>
internal sealed record SelectTokenOp(Extent Tokens, bool ByIndex, int Token) : RowOp
{
    /// <summary>The token that has none behind it.</summary>
    public const int Last = -1;

    public override string Name => "select_token";

    public override bool IsInteger(int input) => input == 1;

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[0].Shape.Axes.Length == 3 && (Token is 0 or Last || (Tokens.IsConstant && Token < Tokens.Factor)) && (!ByIndex || inputs[1].Shape.Equals(new Shape(inputs[0].Shape.Axes[0])))
        ? [new Signature("selected", new Shape(inputs[0].Shape.Axes[0], inputs[0].Shape.Axes[2]))]
        : throw new GraphException("needs [batch, tokens, width] and, with an index, one for each sample");

    public override Scalar Formula(RowContext c)
    {
        var first = Position.Row * Position.Of(Tokens);
        return c.Rows(0).At(first + (ByIndex ? c.Integer(1, Position.Row) : Number(Tokens, Token)));
    }

    /// <summary>The number of a token.</summary>
    public static Position Number(Extent tokens, int token) => token == Last ? Position.Of(tokens) - 1 : token;

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var dx = g.Apply(new PlaceTokenOp(Tokens, ByIndex, Token, inputs[0].Shape), [upstream[0]!, .. inputs.Skip(1)]);
        return ByIndex ? [dx, null] : [dx];
    }
}

/// <summary>The gradient of <see cref="SelectTokenOp"/>: dx[b, t] = dy[b] where t is the selected token, else 0.</summary>
internal sealed record PlaceTokenOp(Extent Tokens, bool ByIndex, int Token, Shape Result) : RowOp
{
    public override string Name => "place_token";

    public override bool IsInteger(int input) => input == 1;

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("placed", Result)];

    public override Scalar Formula(RowContext c)
    {
        var tokens = Position.Of(Tokens);
        var (sample, token) = (Position.Row / tokens, Position.Row % tokens);
        var value = c.Rows(0).At(sample);
        if (!ByIndex && Token == 0)
        {
            return new Scalar.ByRow(token, 1, value, 0);
        }

        // token == chosen, with comparisons of "below" only.
        var chosen = ByIndex ? c.Integer(1, sample) : SelectTokenOp.Number(Tokens, Token);
        return new Scalar.ByRow(token, chosen, 0, new Scalar.ByRow(chosen, token, 0, value));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class SelectTokenSyntax
{
    /// <summary>The token of one number in every sample; <see cref="SelectTokenOp.Last"/>: the last.</summary>
    public static Value SelectToken(this GraphBuilder g, Value x, int token = 0) => g.Apply(new SelectTokenOp(x.Shape.Axes[1].Extent, false, token), x);

    /// <summary>The token that each sample's index names.</summary>
    public static Value SelectToken(this GraphBuilder g, Value x, Value index) => g.Apply(new SelectTokenOp(x.Shape.Axes[1].Extent, true, 0), x, index);
}
