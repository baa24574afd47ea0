using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

internal static partial class OpCases
{
    private static IEnumerable<OpCase> Norms() =>
    [
        .. Matrices.SelectMany(static m => new[]
        {
            Row<LayerNormOp>(m.Name, b => LayerNorm(b, m.Shape, Draws.Unit, true)),
            Row<LayerNormOp>(m.Name + ", no bias", b => LayerNorm(b, m.Shape, Draws.Unit, false)),
            Row<RmsNormOp>(m.Name, b => RmsNorm(b, m.Shape, Draws.Unit)),
        }),
        .. Matrices.Select(static m => Row<NormalizeOp>(m.Name, b => b.Graph.Normalize(b.Tensor("x", m.Shape, Draws.AwayFromZero)))),
        Row<NormalizeOp>("short and long rows", static b => b.Graph.Normalize(b.Tensor("x", Fixed(2, 4), Draws.Of(0.3, -0.1, 0.2, 0.4, 10, 20, -50, 30)))),
        Row<LayerNormOp>("without variance", static b => LayerNorm(b, Fixed(3, 7), Draws.Constant(0.625), true)),
        Row<LayerNormOp>("one row without variance", static b => LayerNorm(b, Fixed(2, 3), Draws.Of(0.5, 0.5, 0.5, 0.25, -1, 0.75), true)),
        Row<LayerNormOp>("mean far above the spread", static b => LayerNorm(b, Fixed(3, 33), Draws.Around(8, 0.5), true)),
        Row<LayerNormOp>("of itself and by itself", static b => b.Graph.LayerNorm(b.Tensor("x", Fixed(7)), b.Tensor("x", Fixed(7)), b.Tensor("x", Fixed(7)), 0.05)),
        Row<RmsNormOp>("of zeros", static b => RmsNorm(b, Fixed(3, 7), Draws.Constant(0))),
        Row<RmsNormOp>("by itself", static b => b.Graph.RmsNorm(b.Tensor("x", Fixed(7)), b.Tensor("x", Fixed(7)), 0.05)),
    ];

    // An epsilon that differences of a row without variance can be taken at.
    private static Value LayerNorm(OpBuilder b, Shape shape, Draw draw, bool bias)
    {
        var vector = Fixed(shape.Columns);
        return b.Graph.LayerNorm(b.Tensor("x", shape, draw), b.Tensor("weight", vector), bias ? b.Tensor("bias", vector) : null, 0.05);
    }

    private static Value RmsNorm(OpBuilder b, Shape shape, Draw draw) => b.Graph.RmsNorm(b.Tensor("x", shape, draw), b.Tensor("weight", Fixed(shape.Columns)), 0.05);
}
