using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y[r] = the greatest of x[r, c] over c, shape [.., 1]. dx[r, c] = dy[r] where x[r, c] is it; columns that are equally great share it.</summary>
internal sealed record LargestOp : CompositeOp
{
    public override string Name => "largest";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs.Count == 1 ? [new Signature("largest", inputs[0].Shape.WithLast("one", 1))] : throw new GraphException("takes one tensor");

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs) => [g.RowMax(inputs[0])];

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var isLargest = g.Apply(new FormulaOp("is_largest", inputs[0].Shape, static a => Scalar.Where(a[1], a[0], 0, 1), 2) { Compares = true }, inputs[0], outputs[0]);
        return [g.Formula("d_largest", inputs[0].Shape, static a => a[0] * (a[1] / a[2]), isLargest, upstream[0]!, g.RowSum(isLargest))];
    }
}

internal static class LargestSyntax
{
    public static Value Largest(this GraphBuilder g, Value x) => g.Apply(new LargestOp(), x);
}
