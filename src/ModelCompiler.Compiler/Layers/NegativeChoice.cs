using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>
/// Which sample stands in for what belongs to a row of similarities: of those with another id the one with the greatest similarity, or with the greatest sum of similarity and draw. Where draws
/// are -log(-log u) of uniform u, that is a draw by the softmax of the similarities (Gumbel 1954; Maddison et al. 2014, arXiv:1411.0030). Of equal ones the first.
/// </summary>
internal static class NegativeChoice
{
    /// <summary>Behind the name of a side that of the input with draws [batch, batch], a row for each sample of the other side.</summary>
    public const string Draws = "_draws";

    // Less than any similarity, and a number: infinity less infinity is none.
    private const double Least = -1e30;

    /// <summary>[rows, columns], one 1 in each row.</summary>
    /// <param name="similarities">[batch, batch]; no gradient goes back to them.</param>
    /// <param name="ids">A number for each pair.</param>
    /// <param name="draws">Null: the most similar one.</param>
    public static Value Of(GraphBuilder g, Value similarities, Value ids, Value? draws)
    {
        var s = g.Detach(similarities);
        s = draws is null ? s : g.Add(s, draws);
        var others = g.Formula("other_similarities", s.Shape, static a => Scalar.Where(Scalar.Abs(a[0] - a[1]), 0.5, a[2], Least), g.Apply(new ByRowOp(), ids), ids, s);
        var numbers = g.Numbers(s.Shape.LastExtent);
        var first = g.RowMax(g.Formula("least_number", s.Shape, static a => Scalar.Where(a[1], a[0], Least, -a[2]), others, g.RowMax(others), numbers));
        return g.Formula("choice", s.Shape, static a => Scalar.Where(Scalar.Abs(a[0] + a[1]), 0.5, 0, 1), first, numbers);
    }
}
