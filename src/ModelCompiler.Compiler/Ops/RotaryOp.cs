using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// Turns the first heads of each token by its position (Su et al. 2021, arXiv:2104.09864): with a and b the halves of a head,
/// a cos - b sin and b cos + a sin, where angle i is position / base^(i / half); heads behind them pass.
/// Inputs: x [batch, tokens, heads x width], table [2 x positions, width / 2] with cosines and sines in turn, positions [batch, tokens].
/// </summary>
/// <param name="Heads">Heads of x.</param>
/// <param name="Turned">Heads that turn.</param>
/// <param name="IsBack">Turns the other way: the gradient.</param>
internal sealed record RotaryOp(int Heads, int Turned, bool IsBack) : RowOp
{
    public override string Name => IsBack ? "rotary_gradient" : "rotary";

    public override bool IsInteger(int input) => input == 2;

    public override bool IsIndexed(int input) => true;

    // A row is half a head.
    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs)
    {
        var x = inputs[0].Shape;
        return new Shape(x.Axes[0], x.Axes[1], new Axis("half", 2 * Heads), new Axis("angle", x.Columns / (2 * Heads)));
    }

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var (x, half) = (inputs[0].Shape, inputs[1].Shape.Columns);
        return x.Axes.Length == 3 && x.Columns == Heads * 2 * half && Turned <= Heads && inputs[2].Shape.Equals(new Shape(x.Axes[0], x.Axes[1]))
            ? [new Signature(IsBack ? "d_turned" : "turned", x)]
            : throw new GraphException($"needs x [batch, tokens, {Heads} x width], angles for half a head, and positions [batch, tokens]");
    }

    public override Scalar Formula(RowContext c)
    {
        Position halves = 2 * Heads;
        var (part, position) = (Position.Row % halves, c.Integer(2, Position.Row / halves));
        var isSecond = Position.Row % 2;
        var (x, other) = (c.Rows(0).At(Position.Row), c.Rows(0).At(Position.Row + 1 - (isSecond * 2)));
        var (cosine, sine) = (c.Rows(1).At(position * 2), c.Rows(1).At((position * 2) + 1));
        var (against, along) = ((x * cosine) - (other * sine), (other * sine) + (x * cosine));
        return new Scalar.ByRow(part, 2 * Turned, IsBack ? new Scalar.ByRow(isSecond, 1, along, against) : new Scalar.ByRow(isSecond, 1, against, along), x);
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [g.Apply(new RotaryOp(Heads, Turned, true), upstream[0]!, inputs[1], inputs[2]), null, null];
}

internal static class RotarySyntax
{
    public static Value Rotary(this GraphBuilder g, Value x, Value table, Value positions, int heads, int turned) => g.Apply(new RotaryOp(heads, turned, false), x, table, positions);
}
