using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y[b, t] = x[b, t] + table[t]: one table for every sample, as position tables. The table's gradient sums over samples.</summary>
internal sealed record AddToEachOp(Extent Tokens) : RowOp
{
    public override string Name => "add_to_each";

    public override bool IsIndexed(int input) => input == 1;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var (x, table) = (inputs[0].Shape, inputs[1].Shape);
        return x.Axes.Length == 3 && table.Rows == x.Axes[1].Extent && table.LastExtent == x.LastExtent
            ? [new Signature(inputs[0].Name, x)]
            : throw new GraphException("the table must have a row for each token");
    }

    public override Scalar Formula(RowContext c) => c.Input(0) + c.Rows(1).At(Position.Row % Position.Of(Tokens));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [upstream[0], g.Apply(new SumOverBatchOp(inputs[1].Shape, inputs[0].Shape.Axes[1].Extent), upstream[0]!)];
}

/// <summary>y[t] = sum over b of x[b, t] for the first rows of every sample, in ascending order of b.</summary>
/// <param name="Result">Shape of y; its rows are the tokens taken of each sample.</param>
/// <param name="Tokens">Tokens of a sample of x.</param>
internal sealed record SumOverBatchOp(Shape Result, Extent Tokens) : RowOp
{
    /// <summary>Samples of x.</summary>
    public Extent Samples { get; init; } = Extent.Batch;

    public override string Name => "sum_over_batch";

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("sum_over_batch", Result)];

    public override Scalar Formula(RowContext c) =>
        new Scalar.Fold(Position.Of(Samples), c.Rows(0).At((Position.Step * Position.Of(Tokens)) + Position.Row));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class AddToEachSyntax
{
    public static Value AddToEach(this GraphBuilder g, Value x, Value table) => g.Apply(new AddToEachOp(x.Shape.Axes[1].Extent), x, table);
}
