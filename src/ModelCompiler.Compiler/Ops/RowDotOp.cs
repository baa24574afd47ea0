using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y[r] = sum over c of a[r, c] b[r, c], one value a row. da = dy b, db = dy a.</summary>
internal sealed record RowDotOp : CompositeOp
{
    public override string Name => "row_dot";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[0].Shape.Equals(inputs[1].Shape)
        ? [new Signature("dot", inputs[0].Shape.WithLast("one", 1))]
        : throw new GraphException("both must have one shape");

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs) => [g.RowSum(Product(g, inputs[0], inputs[1]))];

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [Product(g, inputs[1], upstream[0]!), Product(g, inputs[0], upstream[0]!)];

    private static Value Product(GraphBuilder g, Value x, Value by) => g.Formula("product_of_rows", x.Shape, static a => a[0] * a[1], x, by);
}

internal static class RowDotSyntax
{
    public static Value RowDot(this GraphBuilder g, Value a, Value b) => g.Apply(new RowDotOp(), a, b);
}
