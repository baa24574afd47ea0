namespace ModelCompiler.Runtime.Cpu;

/// <summary>What becomes of a product's sums while they are in the first-level cache. A struct: the JIT makes a copy of the driver for each.</summary>
public interface IEpilogue
{
    /// <summary>The driver skips the pass.</summary>
    static abstract bool IsIdentity { get; }

    /// <summary>The result of elements (row, column) to (row, column + count - 1), of which <paramref name="value"/> holds the sums.</summary>
    V Apply<V>(V value, nint row, nint column, int count)
        where V : unmanaged, ISimd<V>;
}

/// <summary>The sums are the result.</summary>
public struct NoEpilogue : IEpilogue
{
    public static bool IsIdentity => true;

    public V Apply<V>(V value, nint row, nint column, int count)
        where V : unmanaged, ISimd<V> => value;
}
