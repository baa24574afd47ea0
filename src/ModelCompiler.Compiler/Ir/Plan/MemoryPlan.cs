using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Ir.Plan;

/// <summary>Memory of one or more values that follow each other: a tensor, or one for each layer.</summary>
/// <param name="Name">Name of the value that it is for.</param>
/// <param name="Count">Floats of one copy.</param>
/// <param name="Copies">1; 2 for what goes from layer to layer and is not kept; a copy for each layer where backward needs it.</param>
internal sealed record Storage(string Name, Extent Count, int Copies)
{
    public bool Equals(Storage? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>Which copy of a buffer a value is in.</summary>
/// <param name="Shift">Added to the layer, or the copy itself.</param>
internal sealed record Copy(CopyRule Rule, int Shift)
{
    public static readonly Copy Only = new(CopyRule.Fixed, 0);
}

internal enum CopyRule
{
    /// <summary>Copy <c>Shift</c>.</summary>
    Fixed,

    /// <summary>Copy layer + <c>Shift</c>.</summary>
    Layer,

    /// <summary>Copy (layer + <c>Shift</c>) mod 2.</summary>
    Parity,
}

/// <summary>Where a value is.</summary>
internal sealed record Location(Storage Storage, Copy Copy);

/// <summary>A stretch of the workspace that buffers use one after the other.</summary>
internal sealed record Slot(IReadOnlyList<Storage> Storages)
{
    public int Copies => Storages[0].Copies;

    /// <summary>Floats of the greatest buffer; all are multiples of the same powers of batch and lengths.</summary>
    public Extent Count => Storages[0].Count with { Factor = Storages.Max(static b => b.Count.Factor) };
}

/// <summary>Where every value of a program lives.</summary>
internal sealed record MemoryPlan(Program Program, IReadOnlyDictionary<Value, Location> Locations, IReadOnlyList<Slot> Slots);
