using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

internal static partial class OpCases
{
    private static IEnumerable<OpCase> Losses() =>
    [
        .. Matrices.SelectMany(static m => new[]
        {
            Row<CrossEntropyOp>(m.Name, b => CrossEntropy(b, m.Shape, Draws.Within(3), Draws.Below(m.Shape.Columns))),
            Row<SoftCrossEntropyOp>(m.Name, b => b.Graph.SoftCrossEntropy(b.Tensor("logits", m.Shape, Draws.Within(3)), b.Data("targets", m.Shape, static (r, _) => r.NextDouble()), Scale(b))),
            Row<LogisticLossOp>(m.Name, b => b.Graph.LogisticLoss(b.Tensor("logits", m.Shape, Draws.AwayFromZero), b.Data("targets", m.Shape, static (r, _) => r.NextDouble()), Scale(b))),
            Row<SquaredErrorOp>(m.Name, b => b.Graph.SquaredError(b.Tensor("x", m.Shape), b.Data("targets", m.Shape), Scale(b))),
        }),
        Row<CrossEntropyOp>("rows that are left out", static b => CrossEntropy(b, Fixed(6, 5), Draws.Within(3), Draws.Of(4, -100, 0, -1, 2, -100))),
        Row<CrossEntropyOp>("every row left out",
            static b => b.Graph.CrossEntropy(b.Tensor("logits", Fixed(4, 5)), b.Integers("labels", Fixed(4), Draws.Constant(-100)), b.Data("mean", Shape.Scalar, Draws.Constant(0)))),
        Row<CrossEntropyOp>("large logits", static b => CrossEntropy(b, Fixed(4, 5), Draws.Around(1e4, 3), Draws.Below(5))),
        Row<CrossEntropyOp>("large negative logits", static b => CrossEntropy(b, Fixed(4, 5), Draws.Around(-1e4, 3), Draws.Below(5))),
        Row<CrossEntropyOp>("logits far apart", static b => CrossEntropy(b, Fixed(3, 4), Draws.Of(1e4, -1e4, 0, 50, -1e4, 3, 2, -300), Draws.Of(0, 1, 2))),
        Row<CrossEntropyOp>("smoothed labels", static b => CrossEntropy(b, Fixed(6, 5), Draws.Within(3), Draws.Of(4, -100, 0, -1, 2, -100), smoothing: 0.1)),
        Row<CrossEntropyOp>("smoothed labels of one class", static b => CrossEntropy(b, Fixed(3, 1), Draws.Within(3), Draws.Of(0, -1, 0), smoothing: 0.3)),
        Row<CrossEntropyOp>("smoothed labels of large logits", static b => CrossEntropy(b, Fixed(4, 37), Draws.Around(1e4, 3), Draws.Below(37), smoothing: 0.9)),
        Row<SoftCrossEntropyOp>("smoothed targets", static b => Soft(b, Draws.Within(3), Draws.Of(0.25, 0.75, 0, 0, 0, 1, 0.5, 0.25, 0, 0.25), smoothing: 0.1)),
        Row<SoftCrossEntropyOp>("targets of 0", static b => Soft(b, Draws.Within(3), Draws.Constant(0))),
        Row<SoftCrossEntropyOp>("large logits", static b => Soft(b, Draws.Around(1e4, 3), Draws.Of(0.25, 0.75, 0, 0, 0))),
        Row<SoftCrossEntropyOp>("logits far apart", static b => Soft(b, Draws.Of(1e4, -1e4, 0, 50, -1e4), Draws.Of(1, 0, 0, 0, 0), smoothing: 0.2)),
        Row<LogisticLossOp>("saturated", static b => b.Graph.LogisticLoss(
            b.Tensor("logits", Fixed(3, 9), Draws.Of(-300, -88.5, -40, -20, -12, 15, 25, 90, 1000)), b.Data("targets", Fixed(3, 9), Draws.Below(2)), Scale(b))),
        .. new[] { 1, 2, 5, 19, 70 }.Select(static pairs => Row<PairCrossEntropyOp>($"{pairs} pairs of a batch", static b => b.Graph.PairCrossEntropy(Similarities(b, Draws.Within(3)), Scale(b)), batch: pairs)),
        Row<PairCrossEntropyOp>("pairs that are known", static b => b.Graph.PairCrossEntropy(b.Tensor("similarities", Fixed(5, 5), Draws.Within(3)), Scale(b))),
        Row<PairCrossEntropyOp>("one pair", static b => b.Graph.PairCrossEntropy(b.Tensor("similarities", Fixed(1, 1)), Scale(b))),
        Row<PairCrossEntropyOp>("similarities at the limit", static b => b.Graph.PairCrossEntropy(b.Tensor("similarities", Fixed(4, 4), Draws.Of(100, 99, -100, 3, 0, -100, 97, 1)), Scale(b))),
        .. new[] { 1, 2, 5, 19, 70 }.Select(static pairs => Row<PairLogisticOp>($"{pairs} pairs of a batch", static b => b.Graph.PairLogistic(Similarities(b, Draws.Within(3)), Scale(b)), batch: pairs)),
        Row<PairLogisticOp>("one pair", static b => b.Graph.PairLogistic(b.Tensor("similarities", Fixed(1, 1)), Scale(b))),
        Row<PairLogisticOp>("saturated", static b => b.Graph.PairLogistic(b.Tensor("similarities", Fixed(3, 3), Draws.Of(90, -300, 20, 1000, -40, -12, 15, 25, -88.5)), Scale(b))),
        Row<SquaredErrorOp>("met exactly", static b => b.Graph.SquaredError(b.Tensor("x", Fixed(3, 4), Draws.Constant(0.5)), b.Data("targets", Fixed(3, 4), Draws.Constant(0.5)), Scale(b))),
    ];

    private static Value CrossEntropy(OpBuilder b, Shape shape, Draw logits, Draw labels, double smoothing = 0) =>
        b.Graph.CrossEntropy(b.Tensor("logits", shape, logits), b.Integers("labels", new Shape([.. shape.Axes.Take(shape.Axes.Length - 1)]), labels), Scale(b), smoothing);

    private static Value Soft(OpBuilder b, Draw logits, Draw targets, double smoothing = 0) =>
        b.Graph.SoftCrossEntropy(b.Tensor("logits", Fixed(4, 5), logits), b.Data("targets", Fixed(4, 5), targets), Scale(b), smoothing);

    private static Value Similarities(OpBuilder b, Draw draw) =>
        b.Graph.MatMul(b.Tensor("first", new Shape(Batch, Width(6)), draw), b.Tensor("second", new Shape(Batch, Width(6))), false, true, "similarities");

    private static Value Scale(OpBuilder b) => b.Data("mean", Shape.Scalar, Draws.Constant(0.375));
}
