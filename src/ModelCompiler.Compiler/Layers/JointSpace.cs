using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Where two towers meet: pooled vectors projected to unit vectors of one space, their similarities, and the loss of pairs.</summary>
internal static class JointSpace
{
    /// <summary>Name of the parameter that a learned scale is the exponential of.</summary>
    public const string LogitScale = "logit_scale";

    /// <summary>Name of the parameter that divides similarities.</summary>
    public const string Temperature = "temperature";

    /// <summary>Name of the parameter that is added to scaled similarities.</summary>
    public const string LogitBias = "logit_bias";

    /// <summary>Unit vectors, or their absolute values where those are compared.</summary>
    public static Value Unit(GraphBuilder g, CompositionAttribute o, Value vectors) => o.Measure == SimilarityMeasure.Order ? g.Abs(g.Normalize(vectors)) : g.Normalize(vectors);

    /// <summary>Unit vectors [batch, embedding] of one side, as an output.</summary>
    public static Value Features(ModelBuilder m, CompositionAttribute o, Side side, Value pooled)
    {
        var features = Unit(m.Graph, o, Project(m, o, side.Name + "_projection", pooled));
        m.Output(side.Features, features);
        return features;
    }

    /// <summary>Adds similarities [batch, batch], scaled, and the sum of the objectives' losses where there are some.</summary>
    public static void Meet(ModelBuilder m, CompositionAttribute o, MeetingSide first, MeetingSide second, IReadOnlyList<PairObjectiveAttribute> objectives)
    {
        var meeting = new Meeting(m, first, second, Scale(m, o), o.Bias ? m.Parameter(LogitBias, [1], ParameterKind.Vector, new Initializer.Constant(o.InitialBias)) : null, o.Measure);
        m.Output("logits", meeting.Logits);
        if (objectives.Count > 0)
        {
            m.Graph.Output("loss", objectives.Select(a => Loss(meeting, a)).Aggregate(m.Graph.Add));
        }
    }

    /// <summary>Whether what similarities are multiplied by is a parameter.</summary>
    public static bool LearnsScale(SimilarityScale scale) => scale is SimilarityScale.Learned or SimilarityScale.LearnedTemperature;

    /// <summary>Whether a loss is of similarities behind scale and bias, so that both learn from it.</summary>
    public static bool ReadsScale(PairObjectiveAttribute objective) => objective is not TripletAttribute;

    private static Value Loss(Meeting meeting, PairObjectiveAttribute objective) => objective switch
    {
        ContrastiveAttribute a => ContrastiveLoss.Of(meeting, a),
        PairwiseSigmoidAttribute a => meeting.Weighted(meeting.Graph.PairSigmoid(meeting.Scaled(meeting.First.Features), meeting.Second.Features, meeting.Mean, meeting.Bias), a.Weight),
        TripletAttribute a => TripletLoss.Of(meeting, a),
        SimilarityDistillationAttribute a => SimilarityDistillationLoss.Of(meeting, a),
        _ => throw new GraphException($"no loss for {objective.GetType().Name}"),
    };

    private static Func<Value, Value> Scale(ModelBuilder m, CompositionAttribute o) =>
        Scale(m, o.Scale, o.Temperature, o.ScaleLimit == 0 ? double.PositiveInfinity : o.ScaleLimit, o.ScaleFloor, ParameterKind.Vector);

    /// <summary>What similarities are multiplied by.</summary>
    /// <param name="kind">Of what is learned of it.</param>
    public static Func<Value, Value> Scale(ModelBuilder m, SimilarityScale kindOfScale, double temperature, double limit, double floor, ParameterKind kind)
    {
        switch (kindOfScale)
        {
            case SimilarityScale.None:
                return static x => x;
            case SimilarityScale.Fixed:
                return x => m.Graph.Scale(x, 1 / temperature);
            default:
                var scale = kindOfScale == SimilarityScale.Learned
                    ? m.Graph.ExpScale(Parameter(LogitScale, -Math.Log(temperature)), limit, floor)
                    : m.Graph.ReciprocalScale(Parameter(Temperature, temperature), limit, floor);
                return x => m.Graph.ScaleBy(x, scale);
        }

        Value Parameter(string name, double value) => m.Parameter(name, [1], kind, new Initializer.Constant(value));
    }

    private static Value Project(ModelBuilder m, CompositionAttribute o, string name, Value pooled)
    {
        var width = pooled.Shape.Columns;
        var initializer = new Initializer.Normal(1 / Math.Sqrt(width));
        switch (o.Projection)
        {
            case Projection.None:
                return pooled;
            case Projection.Linear:
                return Linear.Apply(m, name, pooled, o.Embedding, false, initializer);
            default:
                using (m.Scope(name))
                {
                    return Linear.Apply(m, "down", m.Graph.Gelu(Linear.Apply(m, "up", pooled, width, true, initializer)), o.Embedding, true, initializer);
                }
        }
    }
}
