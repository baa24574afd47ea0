using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Multi-head self-attention: one product for query, key and value, norms of their heads and rotary positions where asked, attention, output projection.</summary>
internal static class AttentionLayer
{
    public static Value Apply(ModelBuilder m, Value x, Value? mask, TransformerAttribute o, bool isCausal, AttentionOutputs? weights)
    {
        using var scope = m.Scope("attention");
        var qkv = QueriesKeysValues(m, x, o);
        var attended = m.Graph.SelfAttention(qkv, mask, Options(m, o, isCausal) with { Cached = m.KeepsKeys });
        weights?.Own(m, attended);
        return Output(m, attended, o);
    }

    /// <summary>Heads of queries, keys and values of each token, as they meet.</summary>
    public static Value QueriesKeysValues(ModelBuilder m, Value x, TransformerAttribute o)
    {
        var size = AttentionSize.Of(o);
        var weight = m.Group("qkv_weight", ParameterKind.Weight, Parts(size, "weight", o.Width, rows => Initial.Projection(o, o.Width, rows), Biases.QueryKeyValue));
        var biases = o.Biases & Biases.QueryKeyValue;
        var bias = biases == 0 ? null : m.Group("qkv_bias", ParameterKind.Vector, Parts(size, "bias", 0, static _ => new Initializer.Constant(0), biases));
        var qkv = Linear.Apply(m, x, weight, bias, "qkv");
        if (o.QueryKeyNorm)
        {
            var (queries, keys, values) = m.Graph.SplitHeads(qkv, size.Heads, size.KeyHeads);
            qkv = m.Graph.JoinHeads(NormLayer.Apply(m, "query_norm", queries, o), NormLayer.Apply(m, "key_norm", keys, o), values);
        }

        if (o.Positions == Positions.Rotary)
        {
            qkv = m.Graph.Rotary(qkv, m.Tied(RotaryTable.Name), m.Input("positions", m.Tokens, ElementType.Integer), size.Heads + (2 * size.KeyHeads), size.Heads + size.KeyHeads);
        }

        return qkv;
    }

    /// <summary>How they meet, with dropout of its own.</summary>
    public static AttentionOptions Options(ModelBuilder m, TransformerAttribute o, bool isCausal)
    {
        var size = AttentionSize.Of(o);
        var (probability, site) = m.DropoutSite(o.AttentionDropout);
        return new AttentionOptions(size.Heads, size.KeyHeads, size.Scale, size.ScalesByLayer, isCausal, site, probability);
    }

    /// <summary>The projection of what they gave.</summary>
    public static Value Output(ModelBuilder m, Value attended, TransformerAttribute o) =>
        Linear.Apply(m, "output", attended, o.Width, o.Biases.HasFlag(Biases.Output), Initial.Residual(o, AttentionSize.Of(o).Width, o.Width));

    /// <summary>Query, key and value, of one row for each of their channels.</summary>
    /// <param name="columns">Channels that they read; 0: they are vectors.</param>
    private static PartRequest[] Parts(AttentionSize size, string name, int columns, Func<int, Initializer> initializer, Biases present)
    {
        return [Part("query", size.Width, Biases.Query), Part("key", size.KeyWidth, Biases.Key), Part("value", size.KeyWidth, Biases.Value)];

        PartRequest Part(string part, int rows, Biases flag) => new($"{part}.{name}", columns == 0 ? [rows] : [rows, columns], initializer(rows), !present.HasFlag(flag));
    }
}
