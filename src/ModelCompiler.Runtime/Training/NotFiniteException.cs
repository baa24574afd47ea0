namespace ModelCompiler.Runtime.Training;

/// <summary>A loss or a gradient is no finite number; the weights are those of before the step.</summary>
/// <param name="kernel">The first kernel whose output was not finite, with the layer; null: none was found.</param>
public sealed class NotFiniteException(string message, string? kernel) : ArithmeticException(message)
{
    /// <summary>The first kernel whose output was not finite, with the layer that it computed.</summary>
    public string? Kernel { get; } = kernel;
}
