namespace ModelCompiler.Runtime;

/// <summary>Where a device keeps one role of a model's parameters (weights, gradients, averages). Offsets count floats.</summary>
public abstract class ParameterMemory
{
    /// <summary>Copies <c>destination.Length</c> floats that start at <paramref name="offset"/>.</summary>
    public abstract void Read(long offset, Span<float> destination);

    /// <summary>Replaces <c>source.Length</c> floats that start at <paramref name="offset"/>.</summary>
    public abstract void Write(long offset, ReadOnlySpan<float> source);
}
