using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>0, 1, 2 and so on, as floats.</summary>
internal sealed record NumbersOp(Extent Count) : RowOp
{
    public override string Name => "numbers";

    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => new(new Axis("number", Count), new Axis("one", 1));

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs.Count == 0 ? [new Signature("numbers", new Shape(new Axis("number", Count)))] : throw new GraphException("takes no inputs");

    // As many ones as there are rows before it.
    public override Scalar Formula(RowContext c) => new Scalar.Fold(Position.Row, 1);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => [];
}

internal static class NumbersSyntax
{
    public static Value Numbers(this GraphBuilder g, Extent count) => g.Apply(new NumbersOp(count));
}
