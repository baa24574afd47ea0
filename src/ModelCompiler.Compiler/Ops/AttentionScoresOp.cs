using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>q k for each query and key of each head: [batch, heads, queries, keys, 1].</summary>
/// <param name="QueryHeads">Heads of a row of the first input.</param>
/// <param name="KeyRowHeads">Heads of a row of the second input.</param>
/// <param name="FirstKey">The first of them that is a key.</param>
internal sealed record AttentionScoresOp(AttentionCells Cells, int QueryHeads, int KeyRowHeads, int FirstKey) : RowOp
{
    public override string Name => "attention_scores";

    public override RowAction Action => RowAction.RowSum;

    public override bool IsIndexed(int input) => true;

    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => outputs[0].Shape.WithLast("channel", inputs[0].Shape.Columns / QueryHeads);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("score", new Shape([.. Cells.Of(inputs[0].Shape).Axes, new Axis("one", 1)]))];

    public override Scalar Formula(RowContext c)
    {
        var o = Cells.Options;
        return c.Rows(0).At((((Cells.Sample * Position.Of(Cells.Queries)) + Cells.Query) * QueryHeads) + Cells.Head)
            * c.Rows(1).At((((Cells.Sample * Position.Of(Cells.Keys)) + Cells.Key) * KeyRowHeads) + FirstKey + (Cells.Head * o.KeyHeads / o.Heads));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}
