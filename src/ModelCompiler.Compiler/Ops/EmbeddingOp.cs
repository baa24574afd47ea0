using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y[r] = table[ids[r]]. The gradient adds rows of dy to rows of the table; the padding id's row gets none.</summary>
/// <param name="PaddingId">-1: every row learns.</param>
internal sealed record EmbeddingOp(int PaddingId) : RowOp
{
    public override string Name => "embedding";

    public override bool IsInteger(int input) => input == 1;

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[0].Shape.Axes.Length == 2
        ? [new Signature("embedded", new Shape([.. inputs[1].Shape.Axes, inputs[0].Shape.Axes.Last()]))]
        : throw new GraphException("the table must be [rows, width]");

    public override Scalar Formula(RowContext c) => c.Rows(0).At(c.Integer(1, Position.Row));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [g.Apply(new EmbeddingGradientOp(inputs[0].Shape, PaddingId), upstream[0]!, inputs[1]), null];
}

/// <summary>dtable[i] = sum of dy[r] over the rows r with ids[r] = i, in ascending order of r. Inputs: dy, ids.</summary>
internal sealed record EmbeddingGradientOp(Shape Table, int PaddingId) : Op
{
    public override string Name => "embedding_gradient";

    public override bool IsInteger(int input) => input == 1;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("d_table", Table)];

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class EmbeddingSyntax
{
    public static Value Embedding(this GraphBuilder g, Value table, Value ids, int paddingId = -1) => g.Apply(new EmbeddingOp(paddingId), table, ids);
}
