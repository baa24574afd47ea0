using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// How far what does not belong to a row of similarities is from being less similar by a margin than what does, its own column (VSE, VSE++): loss = sum over rows r, and over
/// columns c other than r, or at the greatest of them alone, of h = max(0, margin + s[r, c] - s[r, r]). Input: similarities [pairs, pairs]. Outputs: loss [1], the
/// diagonal and, with <see cref="Hardest"/>, each row's greatest other similarity. ds[r, c] = 1 where h counts and is above 0, ds[r, r] = minus their number; columns that are
/// equally great share a 1.
/// </summary>
internal sealed record TripletOp(double Margin, bool Hardest) : CompositeOp
{
    public override string Name => "triplet";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var s = inputs[0].Shape;
        if (s.Axes.Length != 2 || s.Axes[0].Extent != s.Axes[1].Extent)
        {
            throw new GraphException("needs similarities [pairs, pairs]");
        }

        var row = s.WithLast("one", 1);
        return [new Signature("loss", Shape.Scalar), new Signature("diagonal", row), .. Hardest ? [new Signature("greatest_other", row)] : Array.Empty<Signature>()];
    }

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var s = inputs[0];
        var own = OtherColumns.Own(s.Shape);
        var margin = Margin;
        var diagonal = g.Apply(new DiagonalOp(), s);
        if (Hardest)
        {
            var greatest = g.RowMax(OtherColumns.Of(g, s));
            return [g.ColumnSum(g.Formula(Numbered("hinge"), diagonal.Shape, a => Scalar.Max(a[0] - a[1] + margin, 0), greatest, diagonal)), diagonal, greatest];
        }

        var rows = g.RowSum(g.Formula(Numbered("hinge_of_each"), s.Shape, a => Scalar.Max(a[0] - a[1] + margin, 0) * (1 - own), s, diagonal));
        return [g.ColumnSum(rows), diagonal];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var (s, diagonal) = (inputs[0], outputs[1]);
        var own = OtherColumns.Own(s.Shape);
        var margin = Margin;
        if (!Hardest)
        {
            var counts = g.Formula(Numbered("is_too_near"), s.Shape, a => Scalar.Where(a[0] - a[1] + margin, 0, 1, 0) * (1 - own), s, diagonal);
            return [g.Formula("d_triplet", s.Shape, a => (a[0] - (own * a[1])) * a[2], counts, g.RowSum(counts), upstream[0]!)];
        }

        var isGreatest = g.Formula("is_greatest_other", s.Shape, a => Scalar.Where(a[1], a[0], 0, 1) * (1 - own), s, outputs[2]);
        return [g.Formula(Numbered("d_hardest_triplet"), s.Shape, a => Scalar.Where(a[2] - a[3] + margin, 0, ((a[0] / Scalar.Max(a[1], 1)) - own) * a[4], 0),
            isGreatest, g.RowSum(isGreatest), outputs[2], diagonal, upstream[0]!)];
    }

    private string Numbered(string name) => FormattableString.Invariant($"{name}({Margin:R})");
}

/// <summary>Rows of similarities without the column of their own number.</summary>
internal static class OtherColumns
{
    // Less than any similarity, and a number: infinity less infinity is none.
    private const double Least = -1e30;

    /// <summary>1 in a row's own column, else 0. One column is its row's own.</summary>
    public static Scalar Own(Shape similarities) => similarities.LastExtent == Extent.One ? 1 : new Scalar.OneHot(Position.Row);

    /// <summary>The same with something less than any similarity in their own columns.</summary>
    public static Value Of(GraphBuilder g, Value similarities)
    {
        var own = Own(similarities.Shape);
        return g.Formula("others", similarities.Shape, a => Scalar.Where(own, 0.5, Least, a[0]), similarities);
    }
}

internal static class TripletSyntax
{
    public static Value Triplet(this GraphBuilder g, Value similarities, double margin, bool hardest) => g.Apply(new TripletOp(margin, hardest), similarities);
}
