namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>One tensor of a file.</summary>
/// <param name="TypeName">Element type as the file names it.</param>
/// <param name="Begin">First byte, from the start of the data.</param>
/// <param name="End">First byte behind it.</param>
public sealed record TensorEntry(string Name, string TypeName, int[] Shape, long Begin, long End)
{
    /// <summary>Number of elements, at most <see cref="int.MaxValue"/>.</summary>
    public long Count => Shape.Aggregate(1L, static (product, extent) => product * extent);
}
