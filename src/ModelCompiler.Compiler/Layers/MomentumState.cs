using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>What training of two sides keeps besides weights: copies that follow them, and vectors of past batches. The runtime moves both behind each step.</summary>
internal static class MomentumState
{
    /// <summary>What the names of queues begin with.</summary>
    public const string Queue = "queue";

    /// <summary>Name of the parameter that says which row of the queues is written next; a float, which holds every row's number.</summary>
    public const string Next = "next";

    /// <summary>Behind the name of a side that of the output with the vectors that go into its queue.</summary>
    public const string Keys = "_keys";

    /// <summary>The features of a side's copy.</summary>
    /// <param name="build">Its features, or what stands on a tower that is no copy; parameters that it asks for are copies.</param>
    public static Value Copy(ModelBuilder m, Func<Value> build)
    {
        using var copy = m.Copy();
        return build();
    }

    /// <summary>A side with its queue.</summary>
    public static MeetingSide With(ModelBuilder m, CompositionAttribute o, string side, Value features, Value? momentum)
    {
        using var scope = m.Scope(Queue);
        return new MeetingSide(side, features, momentum, o.Queue == 0 ? null : m.Parameter(side, [o.Queue, features.Shape.Columns], ParameterKind.State, new Initializer.UnitRows()));
    }

    /// <summary>Hands over what goes into the queues.</summary>
    public static void Keep(ModelBuilder m, IReadOnlyList<MeetingSide> sides)
    {
        foreach (var side in sides.Where(static s => s.Queue is not null))
        {
            m.Graph.Output(side.Name + Keys, side.Keys.Producer.Op is InputOp ? m.Graph.Copy(side.Keys) : side.Keys);
        }

        if (sides.Any(static s => s.Queue is not null))
        {
            using var scope = m.Scope(Queue);
            m.Parameter(Next, [1], ParameterKind.State, new Initializer.Constant(0));
        }
    }
}
