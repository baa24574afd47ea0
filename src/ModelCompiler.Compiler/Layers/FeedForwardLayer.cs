using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Up-projection, activation, down-projection.</summary>
internal static class FeedForwardLayer
{
    public static Value Apply(ModelBuilder m, Value x, TransformerAttribute o)
    {
        using var scope = m.Scope("feed_forward");
        var inner = o.FeedForward == 0 ? 4 * o.Width : o.FeedForward;
        var up = Linear.Apply(m, "up", x, inner, o.Biases.HasFlag(Biases.Up), Initial.Projection(o, o.Width, inner));
        var active = ActivationLayer.Apply(m.Graph, up, o.Activation);
        return Linear.Apply(m, "down", active, o.Width, o.Biases.HasFlag(Biases.Down), Initial.Residual(o, inner, o.Width));
    }
}
