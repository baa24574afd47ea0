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
            Row<FocalLossOp>(m.Name, b => b.Graph.FocalLoss(b.Tensor("logits", m.Shape, Draws.AwayFromZero), b.Data("targets", m.Shape, static (r, _) => r.NextDouble()), Scale(b), 2, 0.25)),
            Row<KlDivergenceOp>(m.Name, b => b.Graph.KlDivergence(b.Tensor("logits", m.Shape, Draws.Within(3)), b.Data("teacher", m.Shape, Draws.Within(3)), Scale(b), 2.5)),
            Row<SquaredErrorOp>(m.Name, b => b.Graph.SquaredError(b.Tensor("x", m.Shape), b.Data("targets", m.Shape), Scale(b))),
        }),
        Row<CrossEntropyOp>("rows that are left out", static b => CrossEntropy(b, Fixed(6, 5), Draws.Within(3), Draws.Of(4, -100, 0, -1, 2, -100))),
        Row<CrossEntropyOp>("every row left out",
            static b => b.Graph.CrossEntropy(b.Tensor("logits", Fixed(4, 5)), b.Integers("labels", Fixed(4), Draws.Constant(-100)), b.Data("mean", Shape.Scalar, Draws.Constant(0)))),
        Row<CrossEntropyOp>("large logits", static b => CrossEntropy(b, Fixed(4, 5), Draws.Around(1e4, 3), Draws.Below(5))),
        Row<CrossEntropyOp>("large negative logits", static b => CrossEntropy(b, Fixed(4, 5), Draws.Around(-1e4, 3), Draws.Below(5))),
        Row<CrossEntropyOp>("logits far apart", static b => CrossEntropy(b, Fixed(3, 4), Draws.Of(1e4, -1e4, 0, 50, -1e4, 3, 2, -300), Draws.Of(0, 1, 2))),
        Row<CrossEntropyOp>("a vocabulary", static b => CrossEntropy(b, Fixed(2, 2051), Draws.Within(3), Draws.Below(2051))), // loops of long rows are others on GPUs
        Row<CrossEntropyOp>("smoothed labels", static b => CrossEntropy(b, Fixed(6, 5), Draws.Within(3), Draws.Of(4, -100, 0, -1, 2, -100), smoothing: 0.1)),
        Row<CrossEntropyOp>("smoothed labels of one class", static b => CrossEntropy(b, Fixed(3, 1), Draws.Within(3), Draws.Of(0, -1, 0), smoothing: 0.3)),
        Row<CrossEntropyOp>("smoothed labels of large logits", static b => CrossEntropy(b, Fixed(4, 37), Draws.Around(1e4, 3), Draws.Below(37), smoothing: 0.9)),
        Row<SoftCrossEntropyOp>("smoothed targets", static b => Soft(b, Draws.Within(3), Draws.Of(0.25, 0.75, 0, 0, 0, 1, 0.5, 0.25, 0, 0.25), smoothing: 0.1)),
        Row<SoftCrossEntropyOp>("targets of 0", static b => Soft(b, Draws.Within(3), Draws.Constant(0))),
        Row<SoftCrossEntropyOp>("large logits", static b => Soft(b, Draws.Around(1e4, 3), Draws.Of(0.25, 0.75, 0, 0, 0))),
        Row<SoftCrossEntropyOp>("logits far apart", static b => Soft(b, Draws.Of(1e4, -1e4, 0, 50, -1e4), Draws.Of(1, 0, 0, 0, 0), smoothing: 0.2)),
        Row<LogisticLossOp>("saturated", static b => b.Graph.LogisticLoss(
            b.Tensor("logits", Fixed(3, 9), Draws.Of(-300, -88.5, -40, -20, -12, 15, 25, 90, 1000)), b.Data("targets", Fixed(3, 9), Draws.Below(2)), Scale(b))),
        Row<FocalLossOp>("saturated", static b => b.Graph.FocalLoss(
            b.Tensor("logits", Fixed(3, 9), Draws.Of(-300, -88.5, -40, -20, -12, 15, 25, 90, 1000)), b.Data("targets", Fixed(3, 9), Draws.Below(2)), Scale(b), 2, 0.25)),
        Row<FocalLossOp>("a small power without weights", static b => b.Graph.FocalLoss(
            b.Tensor("logits", Fixed(3, 9), Draws.AwayFromZero), b.Data("targets", Fixed(3, 9), Draws.Below(2)), Scale(b), 0.5, 0)),
        Row<KlDivergenceOp>("a teacher that is agreed with", static b => b.Graph.KlDivergence(b.Tensor("logits", Fixed(2, 3), Draws.Constant(0.5)), b.Data("teacher", Fixed(2, 3), Draws.Constant(0.5)), Scale(b), 1)),
        Row<KlDivergenceOp>("logits far apart", static b => b.Graph.KlDivergence(
            b.Tensor("logits", Fixed(3, 4), Draws.Of(300, -300, 0, 50, -300, 3, 2, -30)), b.Data("teacher", Fixed(3, 4), Draws.Of(200, -100, 40, 0, 2, 3, -300, 7)), Scale(b), 3)),
        .. new[] { 1, 2, 5, 19, 70 }.Select(static pairs => Row<PairContrastOp>($"{pairs} pairs of a batch", static b => Contrast(b, new Shape(Batch, Width(6)), Draws.Within(3)), batch: pairs)),
        Row<PairContrastOp>("pairs that are known, wider than a panel", static b => Contrast(b, Fixed(5, 37), Draws.Unit)),
        Row<PairContrastOp>("one pair of one channel", static b => Contrast(b, Fixed(1, 1), Draws.Unit)),
        Row<PairContrastOp>("similarities at the limit", static b => Contrast(b, Fixed(4, 4), Draws.Of(100, 99, -100, 3, 0, -100, 97, 1))),
        Row<PairContrastOp>("vectors and themselves", static b => b.Graph.PairContrast(b.Tensor("first", Fixed(5, 3)), b.Tensor("first", Fixed(5, 3)), Scale(b))),
        .. new[] { 1, 2, 5, 19, 70 }.SelectMany(static pairs => new[]
        {
            Row<PairContrastOp>($"{pairs} pairs by numbers", static b => b.Graph.PairContrast(First(b), Second(b), Scale(b), Ids(b, 3)), batch: pairs),
            Row<PairContrastOp>($"the others of {pairs} samples", static b => b.Graph.PairContrast(First(b), First(b), Scale(b), Ids(b, 3), withoutOwn: true), batch: pairs),
            Row<PairContrastOp>($"a teacher of {pairs} pairs", static b => b.Graph.TaughtContrast(First(b), Second(b), Scale(b), Taught(b, "first", 4), Taught(b, "second", 4)), batch: pairs),
            Row<PairContrastOp>($"keys of {pairs} pairs", static b => b.Graph.KeyContrast(First(b), Second(b), Scale(b), null), batch: pairs),
            Row<PairContrastOp>($"{pairs} pairs and a queue", static b => b.Graph.KeyContrast(First(b), Second(b), Scale(b), Queue(b)), batch: pairs),
            Row<PairContrastOp>($"{pairs} pairs, a queue and a teacher", static b => b.Graph.KeyContrast(
                First(b), Second(b), Scale(b), Queue(b), false, 0.4, Taught(b, "first", 6), Taught(b, "second", 6)), batch: pairs),
            Row<PairContrastOp>($"{pairs} pairs, negatives in a queue alone", static b => b.Graph.KeyContrast(First(b), Second(b), Scale(b), Queue(b), ownOnly: true), batch: pairs),
            Row<PairSigmoidOp>($"{pairs} pairs and a bias", static b => b.Graph.PairSigmoid(First(b), Second(b), Scale(b), b.Tensor("bias", Shape.Scalar)), batch: pairs),
        }),
        Row<PairContrastOp>("a teacher far from its pupil", static b => b.Graph.TaughtContrast(b.Tensor("first", Fixed(3, 3), Draws.Of(100, 99, -100, 3, 0, -100, 97, 1)), b.Tensor("second", Fixed(3, 3)), Scale(b),
            b.Data("teacher_first", Fixed(3, 2), Draws.Of(-100, 99, 100, 3, 0, 100)), b.Data("teacher_second", Fixed(3, 2)))),
        Row<PairContrastOp>("a teacher and a queue, its own column alone", static b => b.Graph.KeyContrast(b.Tensor("first", Fixed(5, 6), Draws.Within(3)), b.Tensor("second", Fixed(5, 6)), Scale(b), Queue(b), true, 0.3,
            b.Data("taught_first", Fixed(5, 6)), b.Data("taught_second", Fixed(5, 6)))),
        Row<PairContrastOp>("numbers of similarities far apart", static b => b.Graph.PairContrast(b.Tensor("first", Fixed(4, 4), Draws.Of(100, 99, -100, 3, 0, -100, 97, 1)), b.Tensor("second", Fixed(4, 4)), Scale(b),
            b.Data("ids", Fixed(4), Draws.Of(1, 1, 2, 1)))),
        Row<PairContrastOp>("one that belongs with none", static b => b.Graph.PairContrast(b.Tensor("first", Fixed(4, 3)), b.Tensor("second", Fixed(4, 3)), Scale(b), b.Data("ids", Fixed(4), Draws.Of(1, 2, 1, 1)), withoutOwn: true)),
        .. new[] { 1, 2, 5, 19 }.Select(static pairs => Row<PairSigmoidOp>($"{pairs} pairs of a batch", static b => b.Graph.PairSigmoid(First(b), Second(b), Scale(b)), batch: pairs)),
        Row<PairSigmoidOp>("one pair", static b => b.Graph.PairSigmoid(b.Tensor("first", Fixed(1, 1)), b.Tensor("second", Fixed(1, 1)), Scale(b))),
        Row<PairSigmoidOp>("saturated", static b => b.Graph.PairSigmoid(b.Tensor("first", Fixed(3, 3), Draws.Of(90, -300, 20, 1000, -40, -12, 15, 25, -88.5)), b.Tensor("second", Fixed(3, 3), Draws.Of(1, 0, 0, 0, 1, 0, 0, 0, 1)), Scale(b))),
        .. new[] { 1, 2, 5, 19 }.SelectMany(static pairs => new[]
        {
            Row<TripletOp>($"{pairs} pairs of a batch", static b => b.Graph.Triplet(Similarities(b, Draws.Unit), 0.2, false), batch: pairs),
            Row<TripletOp>($"the hardest of {pairs} pairs", static b => b.Graph.Triplet(Similarities(b, Draws.Unit), 0.2, true), batch: pairs),
            Row<OrderScoresOp>($"{pairs} pairs of a batch", static b => b.Graph.OrderScores(First(b), Second(b)), batch: pairs),
            Row<MatchCrossEntropyOp>($"{pairs} pairs of a batch", static b => b.Graph.MatchCrossEntropy(Similarities(b, Draws.Within(3)), Ids(b, 3), Ids(b, 3), Scale(b)), batch: pairs),
        }),
        Row<OrderScoresOp>("more of one side, a few channels", static b => b.Graph.OrderScores(b.Tensor("first", Fixed(3, 37)), b.Tensor("second", Fixed(7, 37)))),
        Row<OrderScoresOp>("in order", static b => b.Graph.OrderScores(b.Tensor("first", Fixed(2, 3), Draws.Of(0.9, 0.8, 0.7)), b.Tensor("second", Fixed(2, 3), Draws.Of(0.1, 0.2, 0.3)))),
        Row<OrderScoresOp>("one channel", static b => b.Graph.OrderScores(b.Tensor("first", Fixed(2, 1), Draws.Of(0.1, -0.4)), b.Tensor("second", Fixed(2, 1), Draws.Of(0.5, 0.7)))),
        Row<TripletOp>("one pair", static b => b.Graph.Triplet(b.Tensor("similarities", Fixed(1, 1)), 0.2, false)),
        Row<TripletOp>("the hardest of none", static b => b.Graph.Triplet(b.Tensor("similarities", Fixed(1, 1)), 0.2, true)),
        Row<TripletOp>("none too near", static b => b.Graph.Triplet(b.Tensor("similarities", Fixed(2, 2), Draws.Of(0.9, 0.1, -0.2, 0.8)), 0.2, true)),
        Row<MatchCrossEntropyOp>("a share for all columns", static b => b.Graph.MatchCrossEntropy(Similarities(b, Draws.Within(3)), Ids(b, 3), Ids(b, 3), Scale(b), smoothing: 0.1), batch: 5),
        Row<PairMatchOp>("one pair in three", static b => b.Graph.PairMatch(b.Tensor("logits", new Shape(Token(3), Batch, Width(2)), Draws.Within(3)), Scale(b), Extent.Batch), batch: 3),
        Row<PairMatchOp>("pairs alone", static b => b.Graph.PairMatch(b.Tensor("logits", Fixed(4, 2), Draws.Of(100, -100, -90, 95)), Scale(b), 4)),
        Row<MatchCrossEntropyOp>("more columns than rows, a row without a match",
            static b => b.Graph.MatchCrossEntropy(b.Tensor("similarities", Fixed(3, 7), Draws.Within(3)), b.Data("row_ids", Fixed(3), Draws.Of(4, 0, 9)), b.Data("column_ids", Fixed(7), Draws.Of(0, 4, 4, 0, 4, 0, 0)), Scale(b))),
        Row<MatchCrossEntropyOp>("similarities far apart",
            static b => b.Graph.MatchCrossEntropy(b.Tensor("similarities", Fixed(3, 3), Draws.Of(100, 99, -100, 3, 0, -100, 97, 1)), b.Data("row_ids", Fixed(3), Draws.Of(1, 1, 2)), b.Data("row_ids", Fixed(3), Draws.Of(1, 1, 2)), Scale(b))),
        Row<SquaredErrorOp>("met exactly", static b => b.Graph.SquaredError(b.Tensor("x", Fixed(3, 4), Draws.Constant(0.5)), b.Data("targets", Fixed(3, 4), Draws.Constant(0.5)), Scale(b))),
    ];

    private static Value CrossEntropy(OpBuilder b, Shape shape, Draw logits, Draw labels, double smoothing = 0) =>
        b.Graph.CrossEntropy(b.Tensor("logits", shape, logits), b.Integers("labels", new Shape([.. shape.Axes.Take(shape.Axes.Length - 1)]), labels), Scale(b), smoothing);

    private static Value Soft(OpBuilder b, Draw logits, Draw targets, double smoothing = 0) =>
        b.Graph.SoftCrossEntropy(b.Tensor("logits", Fixed(4, 5), logits), b.Data("targets", Fixed(4, 5), targets), Scale(b), smoothing);

    private static Value Contrast(OpBuilder b, Shape shape, Draw draw) => b.Graph.PairContrast(b.Tensor("first", shape, draw), b.Tensor("second", shape), Scale(b));

    private static Value Similarities(OpBuilder b, Draw draw) =>
        b.Graph.MatMul(b.Tensor("first", new Shape(Batch, Width(6)), draw), b.Tensor("second", new Shape(Batch, Width(6))), false, true, "similarities");

    private static Value First(OpBuilder b) => b.Tensor("first", new Shape(Batch, Width(6)), Draws.Within(3));

    private static Value Second(OpBuilder b) => b.Tensor("second", new Shape(Batch, Width(6)));

    private static Value Queue(OpBuilder b) => b.Data("queue", Fixed(9, 6));

    private static Value Taught(OpBuilder b, string side, int width) => b.Data("taught_" + side, new Shape(Batch, Width(width)));

    // Every third has the same number.
    private static Value Ids(OpBuilder b, int numbers) => b.Data("ids", new Shape(Batch), (_, i) => i % numbers);

    private static Value Scale(OpBuilder b) => b.Data("mean", Shape.Scalar, Draws.Constant(0.375));
}
