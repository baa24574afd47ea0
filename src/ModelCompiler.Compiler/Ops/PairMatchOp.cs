using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// The cross-entropy of two classes where the first rows are pairs (class 1) and those behind them are not (class 0): loss = scale x sum over rows r of
/// (log sum exp x[r] - x[r, class of r]). Inputs: logits x [rows, 2], scale [1]. Outputs: loss [1], each row's greatest m and l = log sum exp(x - m). dx = scale (exp(x - m - l) - [class]).
/// </summary>
/// <param name="Pairs">Rows that are pairs.</param>
internal sealed record PairMatchOp(Extent Pairs) : CompositeOp
{
    public override string Name => "pair_match";

    // 1 up to the last pair, then 0.
    private Position Class => (Position)1 / ((Position.Row / Position.Of(Pairs)) + 1);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => inputs[0].Shape.LastExtent == 2 && inputs[1].Shape.Count == Extent.One
        ? CrossEntropyOp.Signatures(inputs[0].Shape)
        : throw new GraphException("needs logits of two classes and one scale");

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var (max, logSum) = CrossEntropyOp.ShiftedLogSum(g, inputs[0]);
        var own = g.RowSum(g.Formula(Numbered("of_class"), inputs[0].Shape, a => new Scalar.OneHot(Class) * (a[0] - a[1]), inputs[0], max));
        return [g.ColumnSum(g.Formula("row_pair_match", max.Shape, static a => (a[0] - a[1]) * a[2], logSum, own, inputs[1])), max, logSum];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) =>
    [
        g.Formula(Numbered("pair_match_gradient"), inputs[0].Shape, a => (Scalar.Exp(a[0] - a[1] - a[2]) - new Scalar.OneHot(Class)) * (a[3] * a[4]), inputs[0], outputs[1], outputs[2], inputs[1], upstream[0]!),
        null,
    ];

    private string Numbered(string name) => $"{name}({Pairs})";
}

internal static class PairMatchSyntax
{
    public static Value PairMatch(this GraphBuilder g, Value logits, Value scale, Extent pairs) => g.Apply(new PairMatchOp(pairs), logits, scale);
}
