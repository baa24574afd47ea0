using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Hinges of both ways over similarities. A sum, as in the references: weights say what it is beside means.</summary>
internal static class TripletLoss
{
    public static Value Of(Meeting meeting, TripletAttribute o) => meeting.Weighted(
        meeting.Graph.Add(meeting.Graph.Triplet(meeting.Unscaled, o.Margin, o.Hardest), meeting.Graph.Triplet(meeting.UnscaledTurned, o.Margin, o.Hardest)), o.Weight);
}
