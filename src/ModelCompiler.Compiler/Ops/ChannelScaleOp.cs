using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y[r, c] = x[r, c] scale[c]: layer scale (Touvron et al. 2021, arXiv:2103.17239).</summary>
internal sealed record ChannelScaleOp : RowOp
{
    public override string Name => "channel_scale";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[1].Shape.Count == inputs[0].Shape.LastExtent
        ? [new Signature("scaled", inputs[0].Shape)]
        : throw new GraphException("there must be one scale a column");

    public override Scalar Formula(RowContext c) => c.Input(0) * c.Input(1);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
    [
        g.Apply(this, upstream[0]!, inputs[1]),
        g.ColumnSum(g.Formula("d_scale", inputs[0].Shape, static a => a[0] * a[1], upstream[0]!, inputs[0])),
    ];
}

internal static class ChannelScaleSyntax
{
    public static Value ChannelScale(this GraphBuilder g, Value x, Value scale) => g.Apply(new ChannelScaleOp(), x, scale);
}
