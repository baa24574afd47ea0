using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y = a + b, of one shape.</summary>
internal sealed record AddOp : RowOp
{
    public override string Name => "add";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[0].Shape.Equals(inputs[1].Shape)
        ? [new Signature("sum", inputs[0].Shape)]
        : throw new GraphException("both must have one shape");

    public override Scalar Formula(RowContext c) => c.Input(0) + c.Input(1);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => [upstream[0], upstream[0]];
}

internal static class AddSyntax
{
    public static Value Add(this GraphBuilder g, Value a, Value b) => g.Apply(new AddOp(), a, b);
}
