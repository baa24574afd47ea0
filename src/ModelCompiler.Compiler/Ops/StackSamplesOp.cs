using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>The samples of three tensors of one shape, one after the other: [3 x samples, .., width]. Each part's gradient is its stretch.</summary>
/// <param name="Rows">Rows of a part.</param>
internal sealed record StackSamplesOp(Extent Rows) : RowOp
{
    public override string Name => "stack_samples";

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var x = inputs[0].Shape;
        return inputs.Count == 3 && inputs.All(i => i.Shape.Equals(x)) && x.Rows == Rows
            ? [new Signature("stacked", new Shape([x.Axes[0] with { Extent = 3 * x.Axes[0].Extent }, .. x.Axes.Skip(1)]))]
            : throw new GraphException("needs three tensors of one shape");
    }

    public override Scalar Formula(RowContext c)
    {
        var rows = Position.Of(Rows);
        return new Scalar.ByRow(Position.Row, rows, c.Rows(0).At(Position.Row),
            new Scalar.ByRow(Position.Row, 2 * rows, c.Rows(1).At(Position.Row - rows), c.Rows(2).At(Position.Row - (2 * rows))));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [.. inputs.Select((x, part) => g.Apply(new TakeSamplesOp(part, Rows, x.Shape), upstream[0]!))];
}

/// <summary>One part of what <see cref="StackSamplesOp"/> stacked.</summary>
internal sealed record TakeSamplesOp(int Part, Extent Rows, Shape Result) : RowOp
{
    public override string Name => "take_samples";

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("taken", Result)];

    public override Scalar Formula(RowContext c) => c.Rows(0).At(Position.Row + (Part * Position.Of(Rows)));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class StackSamplesSyntax
{
    public static Value StackSamples(this GraphBuilder g, Value first, Value second, Value third) => g.Apply(new StackSamplesOp(first.Shape.Rows), first, second, third);

    /// <summary>The first of the three parts, of a forward pass.</summary>
    public static Value FirstSamples(this GraphBuilder g, Value stacked)
    {
        var axes = stacked.Shape.Axes;
        var shape = new Shape([axes[0] with { Extent = Extent.Batch }, .. axes.Skip(1)]);
        return g.Apply(new TakeSamplesOp(0, shape.Rows, shape), stacked);
    }
}
