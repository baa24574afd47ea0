namespace ModelCompiler.Data;

/// <summary>Changes that move what is seen.</summary>
internal static class RandomWarps
{
    /// <summary>A turn, a move, a scale and a shear along x, each drawn whatever the others' ranges are.</summary>
    public static PictureChange Affine(double degrees, double shift, double least, double most, double shear, int? size, PictureFilter filter, byte[]? fill) => (Picture picture, ref RandomStream random) =>
    {
        var angle = random.Uniform(-degrees, degrees);
        var translation = (Pixels(shift * picture.Width, ref random), Pixels(shift * picture.Height, ref random));
        var scale = random.Uniform(least, most);
        var map = AffineMap.Inverse((picture.Width * 0.5, picture.Height * 0.5), angle, translation, scale, (random.Uniform(-shear, shear), 0));
        var (width, height) = (size ?? picture.Width, size ?? picture.Height);
        return PictureWarp.Run(picture, map.From(picture.Width / (double)width, picture.Height / (double)height), width, height, filter, fill);
    };

    private static int Pixels(double most, ref RandomStream random) => (int)Math.Round(random.Uniform(-most, most));
}
