using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// How far from each other two sets of vectors are from being ordered (Vendrov et al. 2016, arXiv:1511.06361; VSE++): s[i, j] = -|max(0, b[j] - a[i])|. Inputs: a [rows, width], b [columns,
/// width]. da[i] = sum over j of w[i, j] max(0, b[j] - a[i]), db[j] = minus the same sum over i, w = ds / |max(0, b[j] - a[i])|; what is in order has no gradient.
/// </summary>
internal sealed record OrderScoresOp : CompositeOp
{
    // Below it, all that is multiplied by the quotient is 0.
    private const double Least = 1e-12;

    public override string Name => "order_scores";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var (a, b) = (inputs[0].Shape, inputs[1].Shape);
        return a.Axes.Length == 2 && b.Axes.Length == 2 && a.LastExtent == b.LastExtent && a.LastExtent.IsConstant
            ? [new Signature("order_scores", a.WithLast("other", b.Rows))]
            : throw new GraphException("needs two matrices of vectors of one width");
    }

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var squares = g.Apply(new DisorderOp(inputs[1].Shape.Rows), inputs[0], inputs[1]);
        return [g.Formula("order_score", squares.Shape, static a => -Scalar.Sqrt(a[0]), squares)];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var weights = g.Formula("order_slope", outputs[0].Shape, static a => a[0] / Scalar.Max(-a[1], Least), upstream[0]!, outputs[0]);
        return
        [
            g.Apply(new OrderScoresGradientOp(IsOfFirst: true, inputs[1].Shape.Rows), inputs[0], inputs[1], weights),
            g.Apply(new OrderScoresGradientOp(IsOfFirst: false, inputs[0].Shape.Rows), inputs[1], inputs[0], weights),
        ];
    }
}

/// <summary>|max(0, b[j] - a[i])|^2, a row of the kernel for each i and j.</summary>
/// <param name="Others">Rows of b.</param>
internal sealed record DisorderOp(Extent Others) : RowOp
{
    public override string Name => "disorder";

    public override RowAction Action => RowAction.RowSum;

    public override bool IsIndexed(int input) => true;

    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => new([.. outputs[0].Shape.Axes, inputs[0].Shape.Axes[1]]);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("disorder", inputs[0].Shape.WithLast("other", Others))];

    public override Scalar Formula(RowContext c)
    {
        var above = Scalar.Max(c.Rows(1).At(Position.Row % Position.Of(Others)) - c.Rows(0).At(Position.Row / Position.Of(Others)), 0);
        return above * above;
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

/// <summary>The gradient of one side of <see cref="OrderScoresOp"/>. Inputs: that side, the other one, w [rows of a, rows of b].</summary>
/// <param name="IsOfFirst">Of a.</param>
/// <param name="Others">Rows of the other side.</param>
internal sealed record OrderScoresGradientOp(bool IsOfFirst, Extent Others) : RowOp
{
    public override string Name => "order_scores_gradient";

    public override bool IsIndexed(int input) => true;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("d_" + inputs[0].Name, inputs[0].Shape)];

    public override Scalar Formula(RowContext c)
    {
        var (own, other) = (c.Rows(0).At(Position.Row), c.Rows(1).At(Position.Step));
        return IsOfFirst
            ? new Scalar.Fold(Position.Of(Others), Scalar.Max(other - own, 0) * new Scalar.ReadAt(c.Operand(2), Position.Row, Position.Step))
            : -new Scalar.Fold(Position.Of(Others), Scalar.Max(own - other, 0) * new Scalar.ReadAt(c.Operand(2), Position.Step, Position.Row));
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}

internal static class OrderScoresSyntax
{
    public static Value OrderScores(this GraphBuilder g, Value a, Value b) => g.Apply(new OrderScoresOp(), a, b);
}
