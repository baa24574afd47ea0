using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Where two towers meet: pooled vectors projected to unit vectors of one space, their similarities, and the loss of pairs.</summary>
internal static class JointSpace
{
    /// <summary>Name of the parameter that a learned scale is the exponential of.</summary>
    public const string LogitScale = "logit_scale";

    /// <summary>Name of the parameter that is added to scaled similarities.</summary>
    public const string LogitBias = "logit_bias";

    /// <summary>Unit vectors [batch, embedding] of one side, as an output.</summary>
    public static Value Features(ModelBuilder m, CompositionAttribute o, Side side, Value pooled)
    {
        var features = m.Graph.Normalize(Project(m, o, side.Name + "_projection", pooled));
        m.Output(side.Features, features);
        return features;
    }

    /// <summary>Adds similarities [batch, batch], scaled, and the sum of the objectives' losses where there are some.</summary>
    public static void Meet(ModelBuilder m, CompositionAttribute o, Value first, Value second, IReadOnlyList<PairObjectiveAttribute> objectives)
    {
        var scaled = o.Scale == SimilarityScale.Fixed
            ? m.Graph.Scale(first, 1 / o.Temperature)
            : m.Graph.ScaleBy(first, m.Graph.ExpScale(m.Parameter(LogitScale, [1], ParameterKind.Vector, new Initializer.Constant(-Math.Log(o.Temperature))), o.ScaleLimit == 0 ? double.PositiveInfinity : o.ScaleLimit));
        var bias = o.Bias ? m.Parameter(LogitBias, [1], ParameterKind.Vector, new Initializer.Constant(o.InitialBias)) : null;
        var logits = Similarities(scaled, second, "logits");
        m.Output("logits", logits);
        if (objectives.Count > 0)
        {
            var scale = m.Input("pairs_scale", Shape.Scalar);
            m.Graph.Output("loss", objectives.Select(a => Loss(a, scale)).Aggregate(m.Graph.Add));
        }

        Value Similarities(Value a, Value b, string name)
        {
            var products = m.Graph.MatMul(a, b, false, true, name);
            return bias is null ? products : m.Graph.ShiftBy(products, bias);
        }

        Value Loss(PairObjectiveAttribute objective, Value scale) => objective switch
        {
            ContrastiveAttribute => BothWays(Similarities(second, scaled, "turned_logits"), scale, 0.5 * objective.Weight),
            PairwiseSigmoidAttribute => Weighted(m.Graph.PairLogistic(logits, scale), objective.Weight),
            _ => throw new GraphException($"no loss for {objective.GetType().Name}"),
        };

        Value BothWays(Value turned, Value scale, double weight) =>
            m.Graph.Scale(m.Graph.Add(m.Graph.PairCrossEntropy(logits, scale), m.Graph.PairCrossEntropy(turned, scale)), weight);

        Value Weighted(Value loss, double weight) => weight == 1 ? loss : m.Graph.Scale(loss, weight);
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
