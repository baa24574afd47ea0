using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>The same numbers in the same order under another shape.</summary>
internal sealed record ReshapeOp(Shape Result) : RowOp
{
    public override string Name => "reshape";

    // Memory is read as rows of the new shape.
    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[0].Shape.Count == Result.Count
        ? [new Signature("reshaped", Result)]
        : throw new GraphException($"{Result} has another number of values");

    public override Scalar Formula(RowContext c) => c.Rows(0).At(Position.Row);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [g.Apply(new ReshapeOp(inputs[0].Shape), upstream[0]!)];
}

internal static class ReshapeSyntax
{
    public static Value Reshape(this GraphBuilder g, Value x, Shape shape) => g.Apply(new ReshapeOp(shape), x);
}
