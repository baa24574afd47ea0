using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>One vector a sample: pooling, then a norm and a pooler where asked.</summary>
internal static class PoolingLayer
{
    /// <summary>Null where the model does not pool.</summary>
    public static Value? Apply(ModelBuilder m, Value tokens, TransformerAttribute o, int prefix)
    {
        if (o.Pooling == Pooling.None)
        {
            return null;
        }

        var x = o.Pooling switch
        {
            Pooling.Cls => m.Graph.SelectToken(tokens),
            Pooling.Last => m.Graph.SelectToken(tokens, m.Input("last", Shape.Of(("batch", Extent.Batch)), ElementType.Integer)),
            _ when o is TextTransformerAttribute => m.Graph.MeanTokens(tokens, m.Input("weights", TextEmbedding.Tokens), m.Input("counts", Shape.Of(("batch", Extent.Batch)))),
            _ => m.Graph.MeanTokens(tokens, prefix),
        };
        if (o.PoolNorm)
        {
            x = NormLayer.Apply(m, "pool_norm", x, o);
        }

        return o.Pooler == Pooler.Tanh
            ? m.Graph.Tanh(Linear.Apply(m, "pool_projection", x, o.Width, true, Initial.Projection(o, o.Width, o.Width)))
            : x;
    }
}
