namespace ModelCompiler;

/// <summary>
/// A tower of given vectors: features that something else has computed, such as a frozen tower once for all epochs or a detector of regions (VSE++, arXiv:1707.05612, calls
/// them precomputed). It has no parameters, and stands wherever a model asks for a tower by type that is not to say something.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PrecomputedFeaturesAttribute : TowerAttribute
{
    /// <summary>Channels of a vector, 1 or more.</summary>
    public override int Width { get; set; }

    /// <summary>Vectors a sample, 1 or more; with <see cref="Padded"/> the most that one has.</summary>
    public int Tokens { get; set; } = 1;

    /// <summary>Samples may have fewer vectors than <see cref="Tokens"/>: inputs have a mask, and what is not there is not read.</summary>
    public bool Padded { get; set; }

    /// <summary>One vector a sample: the mean of those that are there (<see cref="Pooling.Mean"/>), the first one (<see cref="Pooling.Cls"/>) or none.</summary>
    public override Pooling Pooling { get; set; } = Pooling.Mean;
}
