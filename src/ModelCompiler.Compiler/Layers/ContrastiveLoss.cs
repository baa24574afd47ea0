using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Cross-entropies of both ways, from the pairs of a batch or from what has one id.</summary>
internal static class ContrastiveLoss
{
    /// <summary>Name of the input with a number for each pair.</summary>
    public const string Ids = "pair_ids";

    public static Value Of(Meeting meeting, ContrastiveAttribute o)
    {
        var (g, mean, turned) = (meeting.Graph, meeting.Mean, meeting.Turned);
        if (!o.ByIds)
        {
            return meeting.Mid(g.PairCrossEntropy(meeting.Logits, mean), g.PairCrossEntropy(turned, mean), o.Weight);
        }

        var ids = meeting.Builder.Input(Ids, new Shape(meeting.First.Features.Shape.Axes[0]));
        return meeting.Mid(g.MatchCrossEntropy(meeting.Logits, ids, ids, mean), g.MatchCrossEntropy(turned, ids, ids, mean), o.Weight);
    }
}
