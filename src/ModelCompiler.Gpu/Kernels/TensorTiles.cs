namespace ModelCompiler.Gpu;

/// <summary>Sizes of a group's tile of a product by tensor cores; known when a kernel is compiled.</summary>
internal interface ITensorTile
{
    /// <summary>Rows of the tile, as a power of two.</summary>
    static abstract int RowBits { get; }

    /// <summary>Columns of the tile, as a power of two.</summary>
    static abstract int ColumnBits { get; }

    /// <summary>Rows and columns of a warp's part of the tile, as a power of two: 6, or 5.</summary>
    static abstract int WarpBits { get; }

    static abstract int Threads { get; }

    /// <summary>Slices that are in shared memory at once, of which one is multiplied and the others are under way.</summary>
    static abstract int Stages { get; }
}

/// <summary>128 x 256 sums by eight warps, each with 64 x 64: reads least, and fills a multiprocessor with one group.</summary>
internal struct WideTensorTile : ITensorTile
{
    public static int RowBits => 7;

    public static int ColumnBits => 8;

    public static int WarpBits => 6;

    public static int Threads => 256;

    public static int Stages => 4;
}

/// <summary>128 x 128 sums by four warps, each with 64 x 64.</summary>
internal struct LargeTensorTile : ITensorTile
{
    public static int RowBits => 7;

    public static int ColumnBits => 7;

    public static int WarpBits => 6;

    public static int Threads => 128;

    public static int Stages => 3;
}

/// <summary>64 x 64 sums by four warps, each with 32 x 32.</summary>
internal struct SmallTensorTile : ITensorTile
{
    public static int RowBits => 6;

    public static int ColumnBits => 6;

    public static int WarpBits => 5;

    public static int Threads => 128;

    public static int Stages => 3;
}
