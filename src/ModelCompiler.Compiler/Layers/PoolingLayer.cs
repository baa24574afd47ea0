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
            Pooling.Last or Pooling.End or Pooling.HighestId => m.Graph.SelectToken(tokens, m.Input("last", Shape.Of(("batch", Extent.Batch)), ElementType.Integer)),
            Pooling.ClsAndMean => m.Graph.Concat(m.Graph.SelectToken(tokens), Mean(m, tokens, o, prefix)),
            Pooling.Attention => AttentionPooling.Apply(m, tokens, o),
            _ => Mean(m, tokens, o, prefix),
        };
        if (o.PoolNorm)
        {
            x = NormLayer.Apply(m, "pool_norm", x, o);
        }

        if (o.Pooler == Pooler.None)
        {
            return x;
        }

        var width = o.PoolerWidth == 0 ? x.Shape.Columns : o.PoolerWidth;
        var projected = Linear.Apply(m, "pool_projection", x, width, o.PoolerBias, Initial.Projection(o, x.Shape.Columns, width));
        return o.Pooler switch
        {
            Pooler.Tanh => m.Graph.Tanh(projected),
            Pooler.Relu => m.Graph.Relu(projected),
            Pooler.Gelu => m.Graph.Gelu(projected),
            Pooler.Linear => projected,
            _ => throw new ArgumentOutOfRangeException(nameof(o), o.Pooler, "no such pooler"),
        };
    }

    private static Value Mean(ModelBuilder m, Value tokens, TransformerAttribute o, int prefix) => o is TextTransformerAttribute
        ? m.Graph.MeanTokens(tokens, m.Input("weights", m.Tokens), m.Input("counts", Shape.Of(("batch", Extent.Batch))))
        : m.Graph.MeanTokens(tokens, prefix);
}
