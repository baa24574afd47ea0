using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// Rows of length 1: y = x / max(|x|, 1e-12), as torch.nn.functional.normalize. Outputs: y and each row's factor r = 1 / max(|x|, 1e-12).
/// dx = r (dy - y (y . dy)).
/// </summary>
internal sealed record NormalizeOp : CompositeOp
{
    public override string Name => "normalize";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) =>
        [new Signature("unit", inputs[0].Shape), new Signature("inverse_norm", inputs[0].Shape.WithLast("one", 1))];

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var x = inputs[0];
        var squares = g.RowSum(g.Formula("square_of_each", x.Shape, static a => a[0] * a[0], x));
        var inverse = g.Formula("inverse_norm", squares.Shape, static a => 1 / Scalar.Max(Scalar.Sqrt(a[0]), 1e-12), squares);
        return [g.Formula("unit", x.Shape, static a => a[0] * a[1], x, inverse), inverse];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var (unit, inverse, dy) = (outputs[0], outputs[1], upstream[0]!);
        var along = g.RowSum(g.Formula("along", unit.Shape, static a => a[0] * a[1], unit, dy));
        return [g.Formula("d_normalize", unit.Shape, static a => (a[0] - (a[1] * a[2])) * a[3], dy, unit, along, inverse)];
    }
}

internal static class NormalizeSyntax
{
    public static Value Normalize(this GraphBuilder g, Value x) => g.Apply(new NormalizeOp(), x);
}
