namespace ModelCompiler.Gpu;

/// <summary>The forms of the product as they are launched: with a tile, and with parts of the inner dimension. Each gives the number of parts that it makes.</summary>
internal static class GemmLaunches
{
    public static int ByThreads<TEpilogue, TA, TB, MA, MB, MC>(GpuContext context, GemmArguments<TEpilogue, MA, MB, MC> a)
        where TEpilogue : struct, IEpilogue
        where TA : struct, ILayout
        where TB : struct, ILayout
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        const int Threads = 64;
        a.Divide(GemmByThreads.Rows, GemmByThreads.Columns);
        var threads = context.GroupSize(Threads);
        context.Launch(GemmByThreads.Body<TEpilogue, TA, TB, MA, MB, MC>, (a.Tiles + threads - 1) / threads, threads, in a);
        return 1;
    }

    public static int ByGroups<TEpilogue, TA, TB, MA, MB, MC>(GpuContext context, GemmArguments<TEpilogue, MA, MB, MC> a, ProductForm form)
        where TEpilogue : struct, IEpilogue
        where TA : struct, ILayout
        where TB : struct, ILayout
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix => form.Tile == ProductTile.Small
            ? ByGroups<SmallTile, TEpilogue, TA, TB, MA, MB, MC>(context, a, form.Parts)
            : ByGroups<LargeTile, TEpilogue, TA, TB, MA, MB, MC>(context, a, form.Parts);

    public static int ByTensorCores<TKind, TEpilogue, TA, TB, MA, MB, MC>(GpuContext context, GemmArguments<TEpilogue, MA, MB, MC> a, ProductForm form)
        where TKind : struct, ITensorKind
        where TEpilogue : struct, IEpilogue
        where TA : struct, ILayout
        where TB : struct, ILayout
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix => form.Tile switch
        {
            ProductTile.Small => ByTensorCores<TKind, SmallTensorTile, TEpilogue, TA, TB, MA, MB, MC>(context, a, form.Parts),
            ProductTile.Large => ByTensorCores<TKind, LargeTensorTile, TEpilogue, TA, TB, MA, MB, MC>(context, a, form.Parts),
            _ => ByTensorCores<TKind, WideTensorTile, TEpilogue, TA, TB, MA, MB, MC>(context, a, form.Parts),
        };

    private static int ByGroups<TTile, TEpilogue, TA, TB, MA, MB, MC>(GpuContext context, GemmArguments<TEpilogue, MA, MB, MC> a, int parts)
        where TTile : struct, ITile
        where TEpilogue : struct, IEpilogue
        where TA : struct, ILayout
        where TB : struct, ILayout
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        a.Divide(8 * TTile.Side, 8 * TTile.Side, parts, TTile.Side);
        context.Launch(GemmByGroups<TTile>.Body<TEpilogue, TA, TB, MA, MB, MC>, a.Tiles, TTile.Side * TTile.Side, in a);
        return a.Parts;
    }

    private static int ByTensorCores<TKind, TTile, TEpilogue, TA, TB, MA, MB, MC>(GpuContext context, GemmArguments<TEpilogue, MA, MB, MC> a, int parts)
        where TKind : struct, ITensorKind
        where TTile : struct, ITensorTile
        where TEpilogue : struct, IEpilogue
        where TA : struct, ILayout
        where TB : struct, ILayout
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        a.Divide(1 << TTile.RowBits, 1 << TTile.ColumnBits, parts, TensorPlaces<TKind>.Inner);
        context.Launch(GemmByTensorCores<TKind, TTile>.Body<TEpilogue, TA, TB, MA, MB, MC>, a.Tiles, TTile.Threads, in a, GemmByTensorCores<TKind, TTile>.SharedBytes);
        return a.Parts;
    }
}
