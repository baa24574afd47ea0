using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

internal static partial class OpCases
{
    private static IEnumerable<OpCase> Elementwise() =>
    [
        .. Function<GeluOp>(static (b, x) => b.Graph.Gelu(x)),
        .. Function<GeluTanhOp>(static (b, x) => b.Graph.GeluTanh(x)),
        .. Function<QuickGeluOp>(static (b, x) => b.Graph.QuickGelu(x)),
        .. Function<ReluOp>(static (b, x) => b.Graph.Relu(x)),
        .. Function<AbsOp>(static (b, x) => b.Graph.Abs(x)),
        .. Function<SiluOp>(static (b, x) => b.Graph.Silu(x)),
        .. Function<TanhOp>(static (b, x) => b.Graph.Tanh(x)),
        .. Function<SigmoidOp>(static (b, x) => b.Graph.Sigmoid(x)),
        .. Function<Relu6Op>(static (b, x) => b.Graph.Relu6(x)),
        .. Function<Gelu10Op>(static (b, x) => b.Graph.Gelu10(x)),
        .. Matrices.Select(static m => Row<AddOp>(m.Name, b => b.Graph.Add(b.Tensor("a", m.Shape), b.Tensor("b", m.Shape)))),
        Row<AddOp>("a tensor and itself", static b => b.Graph.Add(b.Tensor("a", Fixed(3, 7)), b.Tensor("a", Fixed(3, 7)))),
        Row<AddOp>("looked up and itself", static b => b.Graph.Add(b.Tensor("a", new Shape(Batch, Length, Width(5))), b.Tensor("a", new Shape(Batch, Length, Width(5))))),
        .. Matrices.Select(static m => Row<MultiplyOp>(m.Name, b => b.Graph.Multiply(b.Tensor("a", m.Shape), b.Tensor("b", m.Shape)))),
        Row<MultiplyOp>("a tensor and itself", static b => b.Graph.Multiply(b.Tensor("a", Fixed(3, 7)), b.Tensor("a", Fixed(3, 7)))),
        Row<MultiplyOp>("of two products", static b => b.Graph.Multiply(
            b.Graph.Silu(b.Graph.MatMul(b.Tensor("x", Fixed(5, 3)), b.Tensor("gate", Fixed(19, 3)), false, true, "gated")),
            b.Graph.MatMul(b.Tensor("x", Fixed(5, 3)), b.Tensor("up", Fixed(19, 3)), false, true, "upped"))),
        .. Matrices.Select(static m => Row<ScaleOp>(m.Name, b => b.Graph.Scale(b.Tensor("x", m.Shape), -1.5))),
        .. Matrices.Select(static m => Row<ScaleByOp>(m.Name, b => b.Graph.ScaleBy(b.Tensor("x", m.Shape), b.Tensor("by", Shape.Scalar)))),
        Row<ExpScaleOp>("below its limit", static b => b.Graph.ScaleBy(b.Tensor("x", Fixed(3, 7)), b.Graph.ExpScale(b.Tensor("by", Shape.Scalar, Draws.Constant(1.5)), 100))),
        .. Matrices.Select(static m => Row<ShiftByOp>(m.Name, b => b.Graph.ShiftBy(b.Tensor("x", m.Shape), b.Tensor("by", Shape.Scalar)))),
        Row<ExpScaleOp>("between a floor and a limit", static b => b.Graph.ExpScale(b.Tensor("x", Fixed(3, 7), Draws.Around(-3, 1)), 100, 1e-4)),
        Row<ExpScaleOp>("above a floor alone", static b => b.Graph.ExpScale(b.Tensor("x", Fixed(3, 7), Draws.Around(-3, 1)), double.PositiveInfinity, 1e-4)),
        Row<ReciprocalScaleOp>("between a floor and a limit", static b => b.Graph.ScaleBy(b.Tensor("x", Fixed(3, 7)), b.Graph.ReciprocalScale(b.Tensor("by", Shape.Scalar, Draws.Constant(0.07)), 1000, 2))),
        Row<ExpScaleOp>("without a limit", static b => b.Graph.ExpScale(b.Tensor("x", Fixed(3, 7), Draws.Around(-3, 1)), double.PositiveInfinity)),
        .. new[] { (Name: "within its limit", Limit: 100.0), (Name: "without a limit", Limit: double.PositiveInfinity) }.Select(static c =>
            Row<ReciprocalScaleOp>(c.Name, b => b.Graph.ScaleBy(b.Tensor("x", Fixed(3, 7)), b.Graph.ReciprocalScale(b.Tensor("by", Shape.Scalar, Draws.Constant(0.07)), c.Limit)))),
        Row<ExpScaleOp>("of a tensor", static b => b.Graph.ExpScale(b.Tensor("x", Fixed(3, 7), Draws.Around(-3, 1)), 100)),
        .. Matrices.Select(static m => Row<AddBiasOp>(m.Name, b => b.Graph.AddBias(b.Tensor("x", m.Shape), b.Tensor("bias", Fixed(m.Shape.Columns))))),
        Row<AddBiasOp>("a row and itself", static b => b.Graph.AddBias(b.Tensor("x", Fixed(7)), b.Tensor("x", Fixed(7)))),
        .. Matrices.Select(static m => Row<ChannelScaleOp>(m.Name, b => b.Graph.ChannelScale(b.Tensor("x", m.Shape), b.Tensor("by", Fixed(m.Shape.Columns))))),
        Row<ChannelScaleOp>("a row and itself", static b => b.Graph.ChannelScale(b.Tensor("x", Fixed(7)), b.Tensor("x", Fixed(7)))),
        .. Matrices.Select(static m => Row<DropoutOp>(m.Name, b => b.Graph.Dropout(b.Tensor("x", m.Shape), 0, 0.3))),
        Row<DropoutOp>("of the rarest kind", static b => b.Graph.Dropout(b.Tensor("x", Fixed(3, 40)), 4096, 0.95)),
        Row<DropoutOp>("before a norm", static b => b.Graph.RmsNorm(b.Graph.Dropout(b.Tensor("x", Fixed(5, 19)), 0, 0.3), b.Tensor("weight", Fixed(19)), 1e-2)),
        Row<DropoutOp>("behind a product", static b => b.Graph.Dropout(b.Graph.MatMul(b.Tensor("x", Fixed(5, 3)), b.Tensor("by", Fixed(19, 3)), false, true, "product"), 0, 0.3)),
    ];

    private static IEnumerable<OpCase> Function<T>(Func<OpBuilder, Value, Value> apply)
        where T : UnaryOp =>
    [
        .. Matrices.Select(m => Row<T>(m.Name, b => apply(b, b.Tensor("x", m.Shape, Draws.AwayFromZero)))),
        Row<T>("far from 0", b => apply(b, b.Tensor("x", Fixed(3, 9), Draws.Of(-4.5, -3, -2, -1.5, 1.5, 2.5, 3, 4, 5.5)))),
        Row<T>("saturated", b => apply(b, b.Tensor("x", Fixed(3, 9), Draws.Of(-300, -88.5, -40, -20, -12, 15, 25, 90, 1000)))),
    ];
}
