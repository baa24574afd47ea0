namespace ModelCompiler.Gpu;

/// <summary>Sizes of a group's tile of a product; known when a kernel is compiled.</summary>
internal interface ITile
{
    /// <summary>Threads of a group are a square of this side, each with 8 x 8 sums; as many steps of the inner dimension are in group memory at once.</summary>
    static abstract int Side { get; }

    /// <summary>The logarithm of the side: a division by it becomes the same shift, and is said as one.</summary>
    static abstract int Bits { get; }
}

/// <summary>128 x 128 sums by 256 threads.</summary>
internal struct LargeTile : ITile
{
    public const int Width = 128;

    public static int Side => 16;

    public static int Bits => 4;
}

/// <summary>64 x 64 sums by 64 threads.</summary>
internal struct SmallTile : ITile
{
    public const int Width = 64;

    public static int Side => 8;

    public static int Bits => 3;
}
