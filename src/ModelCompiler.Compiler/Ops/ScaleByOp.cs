using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y = s x for one number s that learns. Inputs: x, s [1]. dx = s dy, ds = sum of x dy.</summary>
internal sealed record ScaleByOp : RowOp
{
    public override string Name => "scale_by";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[1].Shape.Count == Extent.One
        ? [new Signature("scaled", inputs[0].Shape)]
        : throw new GraphException("needs one scale for all");

    public override Scalar Formula(RowContext c) => c.Input(0) * c.Input(1);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var rows = g.RowSum(g.Formula("of_scale", inputs[0].Shape, static a => a[0] * a[1], inputs[0], upstream[0]!));
        return [g.Apply(this, upstream[0]!, inputs[1]), g.ColumnSum(rows)];
    }
}

internal static class ScaleBySyntax
{
    public static Value ScaleBy(this GraphBuilder g, Value x, Value scale) => g.Apply(new ScaleByOp(), x, scale);
}
