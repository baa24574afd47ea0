using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>A function of each element. A subclass gives formula and slope; shapes, gradients and fusion follow.</summary>
internal abstract record UnaryOp : RowOp
{
    /// <summary>y = f(x).</summary>
    public abstract Scalar Value(Scalar x);

    /// <summary>f'(x), from x alone.</summary>
    public abstract Scalar Slope(Scalar x);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature(Name, inputs[0].Shape)];

    public override Scalar Formula(RowContext c) => Value(c.Input(0));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [g.Apply(new SlopeOp(this), inputs[0], upstream[0]!)];
}

/// <summary>dx = dy f'(x).</summary>
internal sealed record SlopeOp(UnaryOp Function) : RowOp
{
    public override string Name => $"{Function.Name}_gradient";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("d_" + Function.Name, inputs[0].Shape)];

    public override Scalar Formula(RowContext c) => c.Input(1) * Function.Slope(c.Input(0));

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}
