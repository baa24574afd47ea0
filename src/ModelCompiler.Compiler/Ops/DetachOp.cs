using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>y = x, and no gradient goes back: differentiation stops here.</summary>
internal sealed record DetachOp : RowOp
{
    public override string Name => "detach";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs.Count == 1 ? [new Signature("detached", inputs[0].Shape)] : throw new GraphException("takes one tensor");

    public override Scalar Formula(RowContext c) => c.Input(0);

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => [null];
}

internal static class DetachSyntax
{
    public static Value Detach(this GraphBuilder g, Value x) => g.Apply(new DetachOp(), x);
}
