namespace ModelCompiler.Compiler.Ir.Graphs;

/// <summary>How a parameter starts.</summary>
internal abstract record Initializer
{
    private Initializer()
    {
    }

    public sealed record Constant(double Value) : Initializer;

    public sealed record Normal(double Deviation) : Initializer;

    /// <summary>Normal, drawn again beyond two deviations.</summary>
    public sealed record Truncated(double Deviation) : Initializer;

    /// <summary>Uniform within +-bound.</summary>
    public sealed record Uniform(double Bound) : Initializer;

    /// <summary>Row p: sin and cos of p / 10000^(2i/width), interleaved, or the cosines behind the sines.</summary>
    public sealed record Sinusoid(bool Halves) : Initializer;

    /// <summary>Rows 2p and 2p + 1: cosines and sines of p / base^(i / columns).</summary>
    public sealed record Rotary(double Base) : Initializer;

    /// <summary>Row y * columns + x behind prefix rows of 0: [sin y, sin x, cos y, cos x], a quarter each.</summary>
    public sealed record SinusoidGrid(int GridColumns, int Prefix) : Initializer;

    /// <summary>Rows of length 1 in random directions.</summary>
    public sealed record UnitRows : Initializer;

    /// <summary>The matrix that resizes a table of positions: prefix rows pass, the grid is resized bicubically (a = -0.75, as torch).</summary>
    public sealed record BicubicResize(int FromRows, int FromColumns, int ToRows, int ToColumns, int Prefix) : Initializer;
}

/// <summary>What a parameter is, for weight decay.</summary>
internal enum ParameterKind
{
    /// <summary>A matrix of a projection: decays.</summary>
    Weight,

    /// <summary>A table that is looked up, or tokens of its own: decays where asked.</summary>
    Embedding,

    /// <summary>Biases, norms, scales: never decays.</summary>
    Vector,

    /// <summary>Moves behind steps, and no gradient reaches it; in checkpoints.</summary>
    State,

    /// <summary>Computed once, never trained, in no checkpoint.</summary>
    Constant,
}

/// <summary>A named piece of a parameter: what users and checkpoints see.</summary>
/// <param name="Path">Name; with a layered parameter <c>{layer}</c> stands for the number.</param>
/// <param name="Shape">Extents.</param>
/// <param name="Offset">Where it starts in the parameter, in floats.</param>
/// <param name="IsAbsent">There is no such parameter: its place holds zeros that never change (the bias of a key without one).</param>
/// <param name="IsFrozen">No gradient reaches it.</param>
internal sealed record ParameterPart(string Path, int[] Shape, int Offset, Initializer Initializer, bool IsAbsent, bool IsFrozen)
{
    /// <summary>Path of the part that this one follows behind each step; null: none.</summary>
    public string? Source { get; init; }

    public int Count => Shape.Aggregate(1, static (product, extent) => checked(product * extent));
}

/// <summary>Storage that a graph reads as one tensor; several named parts where projections are computed together.</summary>
/// <param name="Name">Stem of the name: <c>blocks.attention.qkv.weight</c>.</param>
/// <param name="Run">The run of layers it belongs to; null outside blocks.</param>
internal sealed record Parameter(string Name, int[] Shape, ParameterKind Kind, IReadOnlyList<ParameterPart> Parts, LayerRun? Run)
{
    public int Count => Shape.Aggregate(1, static (product, extent) => checked(product * extent));

    /// <summary>Some part of it learns.</summary>
    public bool IsTrainable => Kind != ParameterKind.Constant && Parts.Any(static p => !p.IsFrozen && !p.IsAbsent);

    public bool Equals(Parameter? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>Layers [First, First + Count) that are alike, frozen parts included.</summary>
internal sealed record LayerRun(string Name, int First, int Count);
