namespace ModelCompiler.Gpu;

/// <summary>
/// Which form a product takes: that with the least estimated time of the multiprocessor that has most to do. Few tiles leave multiprocessors idle, or give some one tile
/// more than others; parts of the inner dimension even that out, and cost their sums' way through memory.
/// </summary>
internal static class ProductForms
{
    /// <summary>Parts at most.</summary>
    public const int MostParts = 16;

    // Steps of the inner dimension that a part has at least.
    private const int FewestInner = 256;

    // Clocks of a group that are not multiplications: its first copies and its end.
    private const double Fixed = 2500;

    // Clocks of one launch more, and bytes of a multiprocessor's share of memory in a clock.
    private const double Launch = 3500, Bytes = 9;

    private static readonly Size[] s_byGroups = [new(ProductTile.Large, LargeTile.Width, LargeTile.Width, 100, 0), new(ProductTile.Small, SmallTile.Width, SmallTile.Width, 84, 0)];

    private static readonly Size[] s_byTensorCores =
    [
        Of<WideTensorTile>(ProductTile.Wide, 550),
        Of<LargeTensorTile>(ProductTile.Large, 500),
        Of<SmallTensorTile>(ProductTile.Small, 300),
    ];

    /// <summary>All forms that a product can take.</summary>
    /// <param name="mostSums">Sums that there is memory for.</param>
    /// <param name="sharedBytes">Shared memory that a group can have.</param>
    public static IEnumerable<ProductForm> Of(int rows, int columns, int inner, bool byTensorCores, long mostSums, int sharedBytes)
    {
        foreach (var tile in Tiles(byTensorCores).Where(t => t.SharedBytes <= sharedBytes).Select(static t => t.Tile))
        {
            yield return new(tile, 1);
            for (var parts = 2; parts <= MostParts && (long)parts * rows * columns <= mostSums && inner / parts >= FewestInner; parts++)
            {
                yield return new(tile, parts);
            }
        }
    }

    /// <summary>The one that is taken.</summary>
    /// <param name="isWide">Floats are multiplied.</param>
    public static ProductForm Best(int rows, int columns, int inner, bool byTensorCores, bool isWide, int multiprocessors, long mostSums, int sharedBytes)
    {
        var (best, least) = (new ProductForm(ProductTile.Small, 1), double.PositiveInfinity);
        foreach (var form in Of(rows, columns, inner, byTensorCores, mostSums, sharedBytes))
        {
            var clocks = Clocks(form, rows, columns, inner, byTensorCores, isWide, multiprocessors);
            if (clocks < least)
            {
                (best, least) = (form, clocks);
            }
        }

        return best;
    }

    private static Size Of<TTile>(ProductTile tile, double speed)
        where TTile : struct, ITensorTile => new(tile, 1 << TTile.RowBits, 1 << TTile.ColumnBits, speed, GemmByTensorCores<NarrowKind, TTile>.SharedBytes);

    private static double Clocks(ProductForm form, int rows, int columns, int inner, bool byTensorCores, bool isWide, int multiprocessors)
    {
        var size = Tiles(byTensorCores).First(t => t.Tile == form.Tile);
        var groups = (long)((rows + size.Height - 1) / size.Height) * ((columns + size.Width - 1) / size.Width) * form.Parts;
        var ofOne = (groups + multiprocessors - 1) / multiprocessors;
        var terms = (double)size.Height * size.Width * inner / form.Parts;
        var clocks = ofOne * ((terms / (byTensorCores && !isWide ? 2 * size.Speed : size.Speed)) + Fixed);
        return form.Parts == 1 ? clocks : clocks + Launch + (8.0 * form.Parts * rows * columns / (Bytes * multiprocessors));
    }

    private static Size[] Tiles(bool byTensorCores) => byTensorCores ? s_byTensorCores : s_byGroups;

    /// <param name="Speed">Multiply-adds of a multiprocessor in a clock, those of TF32 for tensor cores: 16 bits are twice as fast.</param>
    private readonly record struct Size(ProductTile Tile, int Height, int Width, double Speed, int SharedBytes);
}
