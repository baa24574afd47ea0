namespace ModelCompiler.Compiler.Ir.Graphs;

/// <summary>An axis of a tensor.</summary>
internal readonly record struct Axis(string Name, Extent Extent)
{
    public override string ToString() => Name == Extent.ToString() ? Name : $"{Name}: {Extent}";
}

/// <summary>Axes, outermost first. All but the last are "rows", the last one "columns": what row kernels loop over.</summary>
internal sealed class Shape : IEquatable<Shape>
{
    public Shape(params Axis[] axes) => Axes = axes;

    public Axis[] Axes { get; }

    public Extent Rows => Axes.Take(Axes.Length - 1).Aggregate(Extent.One, static (product, axis) => product * axis.Extent);

    public Extent LastExtent => Axes[Axes.Length - 1].Extent;

    /// <summary>The last extent where it is a constant.</summary>
    public int Columns => LastExtent.IsConstant ? checked((int)LastExtent.Factor) : throw new InvalidOperationException($"the last axis of {this} is no constant");

    public Extent Count => Rows * LastExtent;

    public static Shape Of(params (string Name, Extent Extent)[] axes) => new(axes.Select(static a => new Axis(a.Name, a.Extent)).ToArray());

    /// <summary>One value: shape of losses and scales.</summary>
    public static Shape Scalar { get; } = Of(("one", 1));

    public Shape WithLast(string name, Extent extent) => new([.. Axes.Take(Axes.Length - 1), new Axis(name, extent)]);

    public bool Equals(Shape? other) => other is not null && Axes.Select(static a => a.Extent).SequenceEqual(other.Axes.Select(static a => a.Extent));

    public override bool Equals(object? obj) => Equals(obj as Shape);

    public override int GetHashCode() => Axes.Aggregate(17, static (hash, axis) => unchecked((hash * 31) + axis.Extent.GetHashCode()));

    public override string ToString() => $"[{string.Join(", ", Axes)}]";
}

/// <summary>What an element is in memory.</summary>
internal enum ElementType
{
    Float,
    Integer,

    /// <summary>The upper half of a float's bits: arithmetic is in floats, a store rounds to the nearest, ties to even.</summary>
    BFloat16,
}
