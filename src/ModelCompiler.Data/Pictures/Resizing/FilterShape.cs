namespace ModelCompiler.Data;

/// <summary>The curve of a filter.</summary>
internal static class FilterShape
{
    private const double CubicSlope = -0.5;

    /// <summary>Pixels to each side, in the scale of the old picture.</summary>
    public static double Support(PictureFilter filter) => filter switch
    {
        PictureFilter.Box => 0.5,
        PictureFilter.Bilinear or PictureFilter.Hamming => 1,
        PictureFilter.Bicubic => 2,
        PictureFilter.Lanczos => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "No filter with weights."),
    };

    /// <summary>The weight at a distance, before the sum is made 1.</summary>
    public static double Weight(PictureFilter filter, double x) => filter switch
    {
        PictureFilter.Box => x is > -0.5 and <= 0.5 ? 1 : 0,
        PictureFilter.Bilinear => Math.Max(0, 1 - Math.Abs(x)),
        PictureFilter.Hamming => Hamming(Math.Abs(x)),
        PictureFilter.Bicubic => Cubic(Math.Abs(x)),
        _ => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0,
    };

    private static double Hamming(double x) => x switch
    {
        0 => 1,
        >= 1 => 0,
        _ => Sinc(x) * (0.54 + (0.46 * Math.Cos(Math.PI * x))),
    };

    private static double Cubic(double x) => x switch
    {
        < 1 => ((((CubicSlope + 2) * x) - (CubicSlope + 3)) * x * x) + 1,
        < 2 => ((((x - 5) * x) + 8) * x - 4) * CubicSlope,
        _ => 0,
    };

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}
