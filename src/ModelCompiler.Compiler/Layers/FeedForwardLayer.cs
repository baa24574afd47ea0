using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>down(activation(up(x))), or gated: down(activation(gate(x)) x up(x)).</summary>
internal static class FeedForwardLayer
{
    public static Value Apply(ModelBuilder m, Value x, TransformerAttribute o)
    {
        using var scope = m.Scope("feed_forward");
        var inner = o.FeedForward == 0 ? 4 * o.Width : o.FeedForward;
        var initializer = Initial.Projection(o, o.Width, inner);
        var gate = o.Gated ? ActivationLayer.Apply(m.Graph, Linear.Apply(m, "gate", x, inner, o.Biases.HasFlag(Biases.Gate), initializer), o.Activation) : null;
        var up = Linear.Apply(m, "up", x, inner, o.Biases.HasFlag(Biases.Up), initializer);
        var active = gate is null ? ActivationLayer.Apply(m.Graph, up, o.Activation) : m.Graph.Multiply(gate, up);
        return Linear.Apply(m, "down", active, o.Width, o.Biases.HasFlag(Biases.Down), Initial.Residual(o, inner, o.Width));
    }
}
