using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>
/// Multi-head attention of one learned query over all tokens, then x + feed_forward(norm(x)) (SigLIP's pooling head; the query itself is not added).
/// The query is the same for every sample, so that scores are one product with it, each head in a row of its own.
/// </summary>
internal static class AttentionPooling
{
    public static Value Apply(ModelBuilder m, Value tokens, TransformerAttribute o)
    {
        using var scope = m.Scope("pool");
        var x = Attend(m, tokens, o);
        return m.Graph.Add(x, FeedForwardLayer.Apply(m, NormLayer.Apply(m, "norm", x, o), o));
    }

    private static Value Attend(ModelBuilder m, Value tokens, TransformerAttribute o)
    {
        using var scope = m.Scope("attention");
        var initializer = Initial.Projection(o, o.Width, o.Width);
        var probe = m.Parameter("probe", [1, o.Width], ParameterKind.Weight, Initial.Table(o));
        var query = m.Graph.Scale(Project("query", probe, Biases.Query), 1 / Math.Sqrt((double)o.Width / o.Heads));
        var keys = Project("key", tokens, Biases.Key);
        var scores = m.Graph.MatMul(keys, m.Graph.HeadDiagonal(query, o.Heads), false, true, "scores");
        return Project("output", m.Graph.Weigh(m.Graph.TokenSoftmax(scores), Project("value", tokens, Biases.Value), o.Heads), Biases.Output);

        Value Project(string name, Value x, Biases bias) => Linear.Apply(m, name, x, o.Width, o.Biases.HasFlag(bias), initializer);
    }
}
