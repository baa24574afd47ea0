namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>Names of activations in configurations.</summary>
internal static class ActivationNames
{
    private static readonly (string Name, Activation Activation)[] s_names =
    [
        ("gelu", Activation.Gelu), ("gelu_python", Activation.Gelu), ("gelu_new", Activation.GeluTanh), ("gelu_pytorch_tanh", Activation.GeluTanh), ("gelu_fast", Activation.GeluTanh), ("gelu_tanh", Activation.GeluTanh), ("gelu_accurate", Activation.GeluTanh),
        ("quick_gelu", Activation.QuickGelu), ("relu", Activation.Relu), ("silu", Activation.Silu), ("swish", Activation.Silu),
        ("tanh", Activation.Tanh), ("sigmoid", Activation.Sigmoid), ("relu6", Activation.Relu6), ("gelu_10", Activation.Gelu10),
    ];

    public static IEnumerable<string> All => s_names.Select(static n => n.Name);

    /// <summary>Every name of an activation, the usual one first.</summary>
    public static IEnumerable<string> Of(Activation activation) => s_names.Where(n => n.Activation == activation).Select(static n => n.Name);

    public static string Write(Activation activation) => Of(activation).First();

    public static Activation? Read(string name) => s_names.Where(n => n.Name == name).Select(static n => (Activation?)n.Activation).FirstOrDefault();
}
