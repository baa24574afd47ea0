using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y[b] = x: the same rows for every sample (learned queries). The gradient sums over samples.</summary>
/// <param name="Tokens">Rows of x.</param>
/// <param name="Times">Copies for each sample of the batch.</param>
internal sealed record RepeatOp(int Tokens, int Times = 1) : RowOp
{
    private Extent Samples => Extent.Batch * Times;

    public override string Name => "repeat";

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[0].Shape.Axes.Length == 2 && inputs[0].Shape.Rows == Tokens
        ? [new Signature("repeated", new Shape(new Axis("batch", Samples), inputs[0].Shape.Axes[0], inputs[0].Shape.Axes[1]))]
        : throw new GraphException("needs [tokens, width]");

    public override Scalar Formula(RowContext c) => c.Rows(0).At(Position.Row % Tokens);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [g.Apply(new SumOverBatchOp(inputs[0].Shape, Tokens) { Samples = Samples }, upstream[0]!)];
}

internal static class RepeatSyntax
{
    public static Value Repeat(this GraphBuilder g, Value x, int times = 1) => g.Apply(new RepeatOp(checked((int)x.Shape.Rows.Factor), times), x);
}
