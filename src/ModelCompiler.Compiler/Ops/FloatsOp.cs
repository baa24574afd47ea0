using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>A mask of whole numbers as floats of one column, 1 where it is above 0: what can be computed with. No gradient reaches it.</summary>
internal sealed record FloatsOp : RowOp
{
    public override string Name => "floats";

    public override bool IsInteger(int input) => true;

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs.Count == 1 ? [new Signature("floats", new Shape([.. inputs[0].Shape.Axes, new Axis("one", 1)]))] : throw new GraphException("takes one mask");

    public override Scalar Formula(RowContext c) => new Scalar.ByRow(0, c.Integer(0, Position.Row), 1, 0);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => [null];
}

internal static class FloatsSyntax
{
    public static Value Floats(this GraphBuilder g, Value mask) => g.Apply(new FloatsOp(), mask);
}
