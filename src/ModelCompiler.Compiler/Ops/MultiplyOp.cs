using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y = a b, element by element, of one shape.</summary>
internal sealed record MultiplyOp : RowOp
{
    public override string Name => "multiply";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[0].Shape.Equals(inputs[1].Shape)
        ? [new Signature("product", inputs[0].Shape)]
        : throw new GraphException("both must have one shape");

    public override Scalar Formula(RowContext c) => c.Input(0) * c.Input(1);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [g.Apply(this, upstream[0]!, inputs[1]), g.Apply(this, upstream[0]!, inputs[0])];
}

internal static class MultiplySyntax
{
    public static Value Multiply(this GraphBuilder g, Value a, Value b) => g.Apply(new MultiplyOp(), a, b);
}
