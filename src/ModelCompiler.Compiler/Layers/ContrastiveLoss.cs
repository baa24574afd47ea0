using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>
/// Cross-entropies of both ways, from the pairs of a batch or from what has one id. With copies or queues a side is compared with the other's copy and its queue, and
/// similarities of the copies alone are soft targets (ALBEF).
/// </summary>
internal static class ContrastiveLoss
{
    /// <summary>Name of the input with a number for each pair.</summary>
    public const string Ids = "pair_ids";

    public static Value Of(Meeting meeting, ContrastiveAttribute o)
    {
        var (g, mean, turned) = (meeting.Graph, meeting.Mean, meeting.Turned);
        if (meeting.First.Momentum is not null || meeting.First.Queue is not null)
        {
            return meeting.Mid(OneWay(meeting, o, meeting.First, meeting.Second), OneWay(meeting, o, meeting.Second, meeting.First), o.Weight);
        }

        if (!o.ByIds)
        {
            return meeting.Mid(g.PairCrossEntropy(meeting.Logits, mean), g.PairCrossEntropy(turned, mean), o.Weight);
        }

        var ids = meeting.Builder.Input(Ids, new Shape(meeting.First.Features.Shape.Axes[0]));
        return meeting.Mid(g.MatchCrossEntropy(meeting.Logits, ids, ids, mean), g.MatchCrossEntropy(turned, ids, ids, mean), o.Weight);
    }

    private static Value OneWay(Meeting meeting, ContrastiveAttribute o, MeetingSide from, MeetingSide to)
    {
        var own = meeting.Scaled(from.Features);
        var teacher = o.SoftTargets > 0 ? meeting.Scaled(from.Momentum!) : null;
        return meeting.Graph.TargetCrossEntropy(
            Compared(own, "logits"), to.Queue is null ? null : meeting.Shifted(own, to.Queue, "queued_logits"), meeting.Mean, o.SoftTargets,
            teacher is null ? [] : [Compared(teacher, "teacher_logits"), .. to.Queue is null ? [] : (Value[])[meeting.Shifted(teacher, to.Queue, "queued_teacher_logits")]]);

        // Where a pair's own similarity is the only one of the batch, a bias is added to it as to those of the queue.
        Value Compared(Value vectors, string name) => o.BatchNegatives ? meeting.Shifted(vectors, to.Keys, name) : meeting.Biased(meeting.Graph.RowDot(vectors, to.Keys));
    }
}
