using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>loss = scale x sum over all elements of f(x, target); x and target of one shape, scale [1].</summary>
internal abstract record PointwiseLossOp : CompositeOp
{
    public abstract Scalar Value(Scalar x, Scalar target);

    /// <summary>What names of formulas end with, where numbers stand in them.</summary>
    protected virtual string Numbers => "";

    /// <summary>df/dx.</summary>
    public abstract Scalar Slope(Scalar x, Scalar target);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[0].Shape.Equals(inputs[1].Shape) && inputs[2].Shape.Count == Extent.One
        ? [new Signature("loss", Shape.Scalar)]
        : throw new GraphException("needs targets of the predictions' shape and one scale");

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var rows = g.RowSum(g.Formula(Name + Numbers, inputs[0].Shape, a => Value(a[0], a[1]), inputs[0], inputs[1]));
        return [g.ColumnSum(g.Formula("scaled_loss", rows.Shape, static a => a[0] * a[1], rows, inputs[2]))];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [g.Formula($"{Name}_gradient{Numbers}", inputs[0].Shape, a => Slope(a[0], a[1]) * (a[2] * a[3]), inputs[0], inputs[1], inputs[2], upstream[0]!), null, null];
}
