using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>The op of each <see cref="Activation"/>.</summary>
internal static class ActivationLayer
{
    public static Value Apply(GraphBuilder g, Value x, Activation activation) => activation switch
    {
        Activation.Gelu => g.Gelu(x),
        Activation.GeluTanh => g.GeluTanh(x),
        Activation.QuickGelu => g.QuickGelu(x),
        Activation.Relu => g.Relu(x),
        Activation.Silu => g.Silu(x),
        Activation.Tanh => g.Tanh(x),
        Activation.Sigmoid => g.Sigmoid(x),
        Activation.Relu6 => g.Relu6(x),
        Activation.Gelu10 => g.Gelu10(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "no such activation"),
    };
}
