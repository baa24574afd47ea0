using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Multi-head self-attention: one product for query, key and value, attention, output projection.</summary>
internal static class AttentionLayer
{
    public static Value Apply(ModelBuilder m, Value x, Value? mask, TransformerAttribute o, bool isCausal)
    {
        using var scope = m.Scope("attention");
        var width = o.Width;
        var weight = m.Group("qkv_weight", ParameterKind.Weight, Parts("weight", [width, width], Initial.Projection(o, width, width), Biases.QueryKeyValue));
        var biases = o.Biases & Biases.QueryKeyValue;
        var bias = biases == 0 ? null : m.Group("qkv_bias", ParameterKind.Vector, Parts("bias", [width], new Initializer.Constant(0), biases));
        var qkv = Linear.Apply(m, x, weight, bias, "qkv");
        var (probability, site) = m.DropoutSite(o.AttentionDropout);
        var attended = m.Graph.SelfAttention(qkv, mask, new AttentionOptions(o.Heads, isCausal, site, probability));
        return Linear.Apply(m, "output", attended, width, o.Biases.HasFlag(Biases.Output), Initial.Residual(o, width, width));
    }

    private static PartRequest[] Parts(string name, int[] shape, Initializer initializer, Biases present) =>
    [
        new PartRequest($"query.{name}", shape, initializer, !present.HasFlag(Biases.Query)),
        new PartRequest($"key.{name}", shape, initializer, !present.HasFlag(Biases.Key)),
        new PartRequest($"value.{name}", shape, initializer, !present.HasFlag(Biases.Value)),
    ];
}
