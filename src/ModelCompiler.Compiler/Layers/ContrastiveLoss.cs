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

        if (!o.ByIds)
        {
            return meeting.Weighted(g.PairContrast(meeting.Scaled(meeting.First.Features), meeting.Second.Features, mean), o.Weight);
        }

        var ids = meeting.Builder.Input(Ids, new Shape(meeting.First.Features.Shape.Axes[0]));
        return meeting.Mid(g.MatchCrossEntropy(meeting.Logits, ids, ids, mean), g.MatchCrossEntropy(meeting.Turned, ids, ids, mean), o.Weight);
    }

    private static Value OneWay(Meeting meeting, ContrastiveAttribute o, MeetingSide from, MeetingSide to)
    {
        var own = meeting.Scaled(from.Features);
        var teacher = o.SoftTargets > 0 ? meeting.Scaled(from.Momentum!) : null;
        return meeting.Graph.TargetCrossEntropy(
            Compared(own, "logits"), Queued(own, "queued_logits"), meeting.Mean, o.SoftTargets,
            teacher is null ? [] : [Compared(teacher, "teacher_logits"), .. Queued(teacher, "queued_teacher_logits") is { } queued ? (Value[])[queued] : []]);

        // A pair's own similarity may be the only one of its batch.
        Value Compared(Value vectors, string name) => o.BatchNegatives ? meeting.Graph.MatMul(vectors, to.Keys, false, true, name) : meeting.Graph.RowDot(vectors, to.Keys);

        Value? Queued(Value vectors, string name) => to.Queue is null ? null : meeting.Graph.MatMul(vectors, to.Queue, false, true, name);
    }
}
