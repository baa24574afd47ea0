using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// The cross-entropy of similarities whose rows match every column of the same number, in equal shares: loss = scale x sum over rows r of
/// (log sum exp s[r] - mean of s[r, c] over the columns c with id[c] = id[r]); a row that matches none is left out. Inputs: similarities [rows, columns], ids of rows [rows] and of
/// columns [columns], whole numbers as floats, and scale [1]. Outputs: loss [1], each row's greatest similarity m, l = log sum exp(s - m), and how many columns it matches n.
/// ds = scale (exp(s - m - l) - [id[c] = id[r]] / n).
/// </summary>
/// <param name="Smoothing">The part of what is right that goes to all columns alike, e: (1 - e) [id[c] = id[r]] / n + e / columns stands for the share of a match.</param>
internal sealed record MatchCrossEntropyOp(double Smoothing) : CompositeOp
{
    public override string Name => "match_cross_entropy";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var s = inputs[0].Shape;
        if (s.Axes.Length != 2 || inputs[1].Shape.Count != s.Rows || inputs[2].Shape.Count != s.LastExtent || inputs[3].Shape.Count != Extent.One)
        {
            throw new GraphException("needs similarities [rows, columns], an id for each row and each column, and one scale");
        }

        return [.. CrossEntropyOp.Signatures(s), new Signature("matches", s.WithLast("one", 1))];
    }

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var s = inputs[0];
        var (max, logSum) = CrossEntropyOp.ShiftedLogSum(g, s);
        var same = Same(g, inputs);
        var count = g.RowSum(same);
        var along = g.RowSum(g.Formula("of_matches", s.Shape, static a => a[0] * (a[1] - a[2]), same, s, max));
        if (Smoothing > 0)
        {
            var all = g.RowSum(g.Formula("above_largest", s.Shape, static a => a[0] - a[1], s, max));
            var smoothed = g.Formula(Numbered("row_smoothed_match_cross_entropy"), max.Shape,
                a => Scalar.Where(a[2], 0.5, (a[0] - (((1 - Smoothing) * a[1] / Scalar.Max(a[2], 1)) + (Smoothing * a[3] / a[4]))) * a[5], 0), logSum, along, count, all, Columns(g, s), inputs[3]);
            return [g.ColumnSum(smoothed), max, logSum, count];
        }

        var rows = g.Formula("row_match_cross_entropy", max.Shape, static a => Scalar.Where(a[2], 0.5, (a[0] - (a[1] / Scalar.Max(a[2], 1))) * a[3], 0), logSum, along, count, inputs[3]);
        return [g.ColumnSum(rows), max, logSum, count];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var s = inputs[0];
        if (Smoothing > 0)
        {
            // Both shares of a target are added first: they are 1 together where there is nothing else.
            return
            [
                g.Formula(Numbered("smoothed_match_cross_entropy_gradient"), s.Shape,
                    a => Scalar.Where(a[4], 0.5, (Scalar.Exp(a[0] - a[1] - a[2]) - (((1 - Smoothing) * a[3] / Scalar.Max(a[4], 1)) + (Smoothing / a[5]))) * (a[6] * a[7]), 0),
                    s, outputs[1], outputs[2], Same(g, inputs), outputs[3], Columns(g, s), inputs[3], upstream[0]!),
                null, null, null,
            ];
        }

        return
        [
            g.Formula("match_cross_entropy_gradient", s.Shape, static a => Scalar.Where(a[4], 0.5, (Scalar.Exp(a[0] - a[1] - a[2]) - (a[3] / Scalar.Max(a[4], 1))) * (a[5] * a[6]), 0),
                s, outputs[1], outputs[2], Same(g, inputs), outputs[3], inputs[3], upstream[0]!),
            null, null, null,
        ];
    }

    // As many as a row has, which only the batch knows.
    private static Value Columns(GraphBuilder g, Value s) => g.RowSum(g.Formula("one_each", s.Shape, static _ => 1));

    private string Numbered(string name) => FormattableString.Invariant($"{name}({Smoothing:R})");

    // 1 where a column matches its row.
    private static Value Same(GraphBuilder g, IReadOnlyList<Value> inputs) =>
        g.Formula("is_match", inputs[0].Shape, static a => Scalar.Where(Scalar.Abs(a[0] - a[1]), 0.5, 0, 1), g.Apply(new ByRowOp(), inputs[1]), inputs[2]);
}

internal static class MatchCrossEntropySyntax
{
    public static Value MatchCrossEntropy(this GraphBuilder g, Value similarities, Value rows, Value columns, Value scale, double smoothing = 0) =>
        g.Apply(new MatchCrossEntropyOp(smoothing), similarities, rows, columns, scale);
}
