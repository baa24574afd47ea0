using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Cross-entropies of both ways from a teacher's similarities. The teacher's vectors are inputs, so nothing of it learns.</summary>
internal static class SimilarityDistillationLoss
{
    /// <summary>Behind the name of a side that of the input with the teacher's vectors.</summary>
    public const string Teacher = "_teacher";

    public static Value Of(Meeting meeting, SimilarityDistillationAttribute o)
    {
        var g = meeting.Graph;
        var first = g.Scale(Vectors(meeting.First), o.TeacherScale);
        var second = Vectors(meeting.Second);
        return meeting.Weighted(g.TaughtContrast(meeting.Scaled(meeting.First.Features), meeting.Second.Features, meeting.Mean, first, second), o.Weight);

        Value Vectors(MeetingSide side) => meeting.Builder.Input(side.Name + Teacher, side.Features.Shape.WithLast("embedding", o.TeacherWidth));
    }
}
