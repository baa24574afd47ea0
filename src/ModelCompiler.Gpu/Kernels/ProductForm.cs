namespace ModelCompiler.Gpu;

/// <summary>Tiles of the result, one for each group.</summary>
internal enum ProductTile
{
    /// <summary>64 x 64.</summary>
    Small,

    /// <summary>128 x 128.</summary>
    Large,

    /// <summary>128 x 256, of tensor cores alone.</summary>
    Wide,
}

/// <summary>How kernels of this project make a product: results are the same bits for the same form.</summary>
/// <param name="Parts">Of the inner dimension: groups of their own sum each, and the parts are added up in ascending order.</param>
internal readonly record struct ProductForm(ProductTile Tile, int Parts)
{
    public override string ToString() => FormattableString.Invariant($"{Tile} x {Parts}");
}
