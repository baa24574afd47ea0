namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>A tensor to be written; its values are made when its turn comes, so that one tensor is in memory at a time.</summary>
/// <param name="Type">Element type in the file.</param>
/// <param name="Values">float[] for F32, F16 and BF16 (rounded to the nearest), double[] for F64, long[] for I64, bool[] for Bool; as many as the shape has elements.</param>
public sealed record TensorToWrite(string Name, TensorType Type, int[] Shape, Func<Array> Values)
{
    /// <summary>A tensor of float32.</summary>
    public TensorToWrite(string name, int[] shape, Func<float[]> values)
        : this(name, TensorType.F32, shape, values)
    {
    }

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, static (product, extent) => checked(product * extent));
}
