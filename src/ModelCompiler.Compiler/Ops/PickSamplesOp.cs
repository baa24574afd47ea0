using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// y[r] = sum over samples s of choice[r, s] x[s]: where a row of choices has one 1, the sample that it names. Inputs: choice [rows, samples], x [samples, .., width].
/// dx[s] = sum over r of choice[r, s] dy[r], in ascending order of r; choices get no gradient.
/// </summary>
/// <param name="Inner">Rows of a sample.</param>
internal sealed record PickSamplesOp(Extent Inner) : RowOp
{
    public override string Name => "pick_samples";

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var (choice, x) = (inputs[0].Shape, inputs[1].Shape);
        return choice.Axes.Length == 2 && choice.LastExtent == x.Axes[0].Extent && choice.LastExtent == Extent.Batch && choice.Rows * Inner == x.Rows
            ? [new Signature("picked", new Shape([choice.Axes[0], .. x.Axes.Skip(1)]))]
            : throw new GraphException("needs choices [batch, batch] and as many samples");
    }

    public override Scalar Formula(RowContext c)
    {
        var inner = Position.Of(Inner);
        return new Scalar.Fold(Position.Of(Extent.Batch), new Scalar.ReadAt(c.Operand(0), Position.Row / inner, Position.Step) * c.Rows(1).At((Position.Step * inner) + (Position.Row % inner)));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [null, g.Apply(new PickSamplesGradientOp(Inner, inputs[1].Shape), inputs[0], upstream[0]!)];
}

/// <summary>dx of <see cref="PickSamplesOp"/>. Inputs: choice, dy.</summary>
internal sealed record PickSamplesGradientOp(Extent Inner, Shape Result) : RowOp
{
    public override string Name => "pick_samples_gradient";

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("d_picked", Result)];

    public override Scalar Formula(RowContext c)
    {
        var inner = Position.Of(Inner);
        return new Scalar.Fold(Position.Of(Extent.Batch), new Scalar.ReadAt(c.Operand(0), Position.Step, Position.Row / inner) * c.Rows(1).At((Position.Step * inner) + (Position.Row % inner)));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class PickSamplesSyntax
{
    /// <param name="choice">[batch, batch], one 1 in each row.</param>
    public static Value PickSamples(this GraphBuilder g, Value choice, Value x) =>
        g.Apply(new PickSamplesOp(x.Shape.Axes.Skip(1).Take(x.Shape.Axes.Length - 2).Aggregate(Extent.One, static (product, axis) => product * axis.Extent)), choice, x);
}
