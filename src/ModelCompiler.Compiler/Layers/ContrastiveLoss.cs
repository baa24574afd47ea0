using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>
/// Cross-entropies of both ways, from the pairs of a batch or from what has one id. With copies or queues a side is compared with the other's copy and its queue, and
/// similarities of the copies alone are soft targets (ALBEF). None of it sees a bias: what all similarities get changes nothing.
/// </summary>
internal static class ContrastiveLoss
{
    /// <summary>Name of the input with a number for each pair.</summary>
    public const string Ids = "pair_ids";

    public static Value Of(Meeting meeting, ContrastiveAttribute o)
    {
        var (g, mean) = (meeting.Graph, meeting.Mean);
        if (meeting.First.Momentum is not null || meeting.First.Queue is not null)
        {
            return meeting.Mid(OneWay(meeting, o, meeting.First, meeting.Second), OneWay(meeting, o, meeting.Second, meeting.First), o.Weight);
        }

        var ids = o.ByIds ? meeting.Builder.Input(Ids, new Shape(meeting.First.Features.Shape.Axes[0])) : null;
        return meeting.Weighted(g.PairContrast(meeting.Scaled(meeting.First.Features), meeting.Second.Features, mean, ids), o.Weight);
    }

    private static Value OneWay(Meeting meeting, ContrastiveAttribute o, MeetingSide from, MeetingSide to) => meeting.Graph.KeyContrast(
        meeting.Scaled(from.Features), to.Keys, meeting.Mean, to.Queue, !o.BatchNegatives, o.SoftTargets, o.SoftTargets > 0 ? [meeting.Scaled(from.Momentum!), to.Keys] : []);
}
