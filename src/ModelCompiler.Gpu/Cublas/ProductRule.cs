namespace ModelCompiler.Gpu;

/// <summary>Which products cuBLAS makes where no table says it. The limit lies between what an H200 made faster without it, 10 million terms, and with it, 929 million.</summary>
internal static class ProductRule
{
    // Below it a launch more costs as much as better tiles gain.
    private const long FewestTerms = 512L * 512 * 512;

    public static bool PrefersCublas(in ProductShape shape) => (long)shape.Rows * shape.Columns * shape.Inner >= FewestTerms;
}
