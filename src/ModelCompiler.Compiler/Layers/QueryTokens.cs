using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Learned queries, the same for every sample, behind a norm where asked.</summary>
internal static class QueryTokens
{
    /// <summary>[times x batch, queries, width].</summary>
    public static Value Apply(ModelBuilder m, TransformerAttribute o, int count, int times = 1)
    {
        using var scope = m.Scope("embeddings");
        var queries = m.Parameter("queries", [count, o.Width], ParameterKind.Embedding, Initial.Table(o));
        return m.Dropout(m.Graph.Repeat(o.EmbeddingNorm ? NormLayer.Apply(m, "norm", queries, o) : queries, times), o.EmbeddingDropout);
    }
}
