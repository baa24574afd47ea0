using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y = x keep / (1 - p). What is kept is a function of (seed, step, site, element): backward draws it again.</summary>
/// <param name="Site">Number of the place in the model; a layer adds its own number.</param>
/// <param name="Probability">That an element is dropped: above 0, below 1.</param>
internal sealed record DropoutOp(int Site, double Probability) : RowOp
{
    public override string Name => "dropout";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => Probability is > 0 and < 1
        ? [new Signature("dropped", inputs[0].Shape)]
        : throw new GraphException($"a probability of {Probability} keeps everything or nothing");

    public override Scalar Formula(RowContext c) => c.Input(0) * new Scalar.Keep(Site, Probability, Position.Row, c.Columns);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
        [g.Apply(this, upstream[0]!)];
}

internal static class DropoutSyntax
{
    public static Value Dropout(this GraphBuilder g, Value x, int site, double probability) => g.Apply(new DropoutOp(site, probability), x);
}
