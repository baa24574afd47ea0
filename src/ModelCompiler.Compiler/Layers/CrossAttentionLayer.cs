using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Multi-head attention to another tower's tokens: queries of the stream, keys and values by one product of what is read, output projection.</summary>
internal static class CrossAttentionLayer
{
    public static Value Apply(ModelBuilder m, Value x, Memory memory, TransformerAttribute o, AttentionOutputs? weights)
    {
        using var scope = m.Scope("cross_attention");
        var size = AttentionSize.Of(o);
        var queries = Linear.Apply(m, "query", x, size.Width, o.Biases.HasFlag(Biases.Query), Initial.Projection(o, o.Width, size.Width));
        var keysAndValues = memory.Tokens is null ? null : KeysAndValues(m, memory.Tokens, size, o);
        var (probability, site) = m.DropoutSite(o.AttentionDropout);
        var attended = m.Graph.CrossAttention(queries, keysAndValues, memory.Mask, new AttentionOptions(size.Heads, size.KeyHeads, size.Scale, size.ScalesByLayer, Causal: false, site, probability, Cached: keysAndValues is null) { FloatMask = memory.Mask?.Type == ElementType.Float });
        weights?.Read(m, attended);
        return Linear.Apply(m, "output", attended, o.Width, o.Biases.HasFlag(Biases.Output), Initial.Residual(o, size.Width, o.Width));
    }

    /// <summary>Keys and values [batch, tokens, 2 x channels of keys] of what is read, for programs that compute them once.</summary>
    public static Value KeysAndValues(ModelBuilder m, Value read, TransformerAttribute o)
    {
        using var scope = m.Scope("cross_attention");
        return KeysAndValues(m, read, AttentionSize.Of(o), o);
    }

    private static Value KeysAndValues(ModelBuilder m, Value tokens, AttentionSize size, TransformerAttribute o)
    {
        var read = tokens.Shape.Columns;
        var weight = m.Group("key_value_weight", ParameterKind.Weight, Parts("weight", rows => new([rows, read], Initial.Projection(o, read, rows)), Biases.Key | Biases.Value));
        var biases = o.Biases & (Biases.Key | Biases.Value);
        var bias = biases == 0 ? null : m.Group("key_value_bias", ParameterKind.Vector, Parts("bias", static rows => new([rows], new Initializer.Constant(0)), biases));
        return Linear.Apply(m, tokens, weight, bias, "key_value");

        PartRequest[] Parts(string name, Func<int, (int[] Shape, Initializer Initializer)> part, Biases present) =>
            [.. new[] { ("key", Biases.Key), ("value", Biases.Value) }.Select(p => new PartRequest($"{p.Item1}.{name}", part(size.KeyWidth).Shape, part(size.KeyWidth).Initializer, !present.HasFlag(p.Item2)))];
    }
}
