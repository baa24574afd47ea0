using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Vectors that the caller gives as a tower's features, and what one vector a sample is made of them.</summary>
internal static class GivenVectors
{
    /// <summary>The vectors [batch, tokens, width], one of each sample where it is asked for, and which of them are there.</summary>
    public static Features Apply(ModelBuilder m, PrecomputedFeaturesAttribute o)
    {
        var (batch, token) = (new Axis("batch", Extent.Batch), new Axis("token", o.Tokens));
        var vectors = m.Input("vectors", new Shape(batch, token, new Axis("width", o.Width)));
        var mask = o.Padded ? m.Input("mask", new Shape(batch, token), ElementType.Integer) : null;
        m.Output("hidden", m.Graph.Scale(vectors, 1)); // what is an output is written by something
        if (o.Pooling == Pooling.None)
        {
            return new Features(vectors, null, mask);
        }

        var pooled = o.Pooling == Pooling.Cls || o.Tokens == 1 ? m.Graph.SelectToken(vectors)
            : o.Padded ? m.Graph.MeanTokens(vectors, m.Input("weights", new Shape(batch, token)), m.Input("counts", new Shape(batch)))
            : m.Graph.MeanTokens(vectors, 0);
        m.Output("pooled", pooled);
        return new Features(vectors, pooled, mask);
    }
}
