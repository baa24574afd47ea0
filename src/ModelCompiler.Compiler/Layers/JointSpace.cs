using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Where two towers meet: pooled vectors projected to unit vectors of one space, their similarities, and the loss of pairs.</summary>
internal static class JointSpace
{
    /// <summary>Name of the parameter that a learned scale is the exponential of.</summary>
    public const string LogitScale = "logit_scale";

    /// <summary>Unit vectors [batch, embedding] of one side, as an output.</summary>
    public static Value Features(ModelBuilder m, CompositionAttribute o, Side side, Value pooled)
    {
        var features = m.Graph.Normalize(Project(m, o, side.Name + "_projection", pooled));
        m.Output(side.Features, features);
        return features;
    }

    /// <summary>Adds similarities [batch, batch], scaled, and with <paramref name="withLoss"/> the loss.</summary>
    public static void Meet(ModelBuilder m, CompositionAttribute o, Value first, Value second, bool withLoss)
    {
        var scaled = o.Scale == SimilarityScale.Fixed
            ? m.Graph.Scale(first, 1 / o.Temperature)
            : m.Graph.ScaleBy(first, m.Graph.ExpScale(m.Parameter(LogitScale, [1], ParameterKind.Vector, new Initializer.Constant(-Math.Log(o.Temperature))), o.ScaleLimit));
        var logits = m.Graph.MatMul(scaled, second, false, true, "logits");
        m.Output("logits", logits);
        if (withLoss)
        {
            var scale = m.Input("pairs_scale", Shape.Scalar);
            var turned = m.Graph.MatMul(second, scaled, false, true, "turned_logits");
            m.Graph.Output("loss", m.Graph.Scale(m.Graph.Add(m.Graph.PairCrossEntropy(logits, scale), m.Graph.PairCrossEntropy(turned, scale)), 0.5));
        }
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
