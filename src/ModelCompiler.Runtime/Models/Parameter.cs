namespace ModelCompiler.Runtime;

/// <summary>One named tensor of a model: a view into the model's parameter memory, row-major, float32.</summary>
/// <param name="name">Path of the layer and the tensor, such as <c>blocks.0.attention.query.weight</c>.</param>
/// <param name="shape">Extents, outermost first.</param>
/// <param name="offset">Position of the first value in <paramref name="weights"/> and <paramref name="gradients"/>, in floats.</param>
/// <param name="weights">Memory of the weights.</param>
/// <param name="gradients">Memory of the gradients; null where the parameter is frozen or the model does not train.</param>
public sealed class Parameter(string name, int[] shape, long offset, ParameterMemory weights, ParameterMemory? gradients)
{
    public string Name { get; } = name;

    public IReadOnlyList<int> Shape { get; } = shape;

    /// <summary>Number of values.</summary>
    public int Count { get; } = shape.Aggregate(1, static (product, extent) => checked(product * extent));

    /// <summary>Training leaves this parameter as it is and computes no gradient for it.</summary>
    public bool IsFrozen => gradients is null;

    /// <summary>A copy of the weights.</summary>
    public float[] ToArray() => Copy(weights);

    /// <summary>A copy of the gradient of the last gradient pass.</summary>
    /// <exception cref="InvalidOperationException">The parameter is frozen.</exception>
    public float[] GradientToArray() =>
        Copy(gradients ?? throw new InvalidOperationException($"'{Name}' is frozen: it has no gradient."));

    /// <summary>Replaces the weights.</summary>
    /// <exception cref="ArgumentException">The number of values is not <see cref="Count"/>.</exception>
    public void Set(ReadOnlySpan<float> values)
    {
        if (values.Length != Count)
        {
            throw new ArgumentException($"'{Name}' has {Count} values [{string.Join(", ", Shape)}], not {values.Length}.", nameof(values));
        }

        weights.Write(offset, values);
    }

    public override string ToString() => $"{Name} [{string.Join(", ", Shape)}]";

    private float[] Copy(ParameterMemory memory)
    {
        var values = new float[Count];
        memory.Read(offset, values);
        return values;
    }
}
