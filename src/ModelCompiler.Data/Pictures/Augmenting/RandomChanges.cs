namespace ModelCompiler.Data;

/// <summary>Changes drawn from a set, or in a random order.</summary>
internal static class RandomChanges
{
    private const int Strongest = 30;

    /// <summary>Gets the picture, how strong 0..1, and 1 or -1.</summary>
    private delegate Picture Strength(Picture picture, double part, int sign, PictureFilter filter);

    // torchvision's set and ranges.
    private static readonly Strength[] s_set =
    [
        static (picture, _, _, _) => picture,
        static (picture, part, sign, filter) => picture.Affine(shear: (double.RadiansToDegrees(Math.Atan(sign * 0.3 * part)), 0), filter: filter, centre: (0, 0)),
        static (picture, part, sign, filter) => picture.Affine(shear: (0, double.RadiansToDegrees(Math.Atan(sign * 0.3 * part))), filter: filter, centre: (0, 0)),
        static (picture, part, sign, filter) => picture.Affine(translation: ((int)(sign * part * 150 / 331 * picture.Width), 0), filter: filter),
        static (picture, part, sign, filter) => picture.Affine(translation: (0, (int)(sign * part * 150 / 331 * picture.Height)), filter: filter),
        static (picture, part, sign, filter) => picture.Rotate(sign * 30 * part, filter),
        static (picture, part, sign, _) => picture.AdjustBrightness(1 + (sign * 0.9 * part)),
        static (picture, part, sign, _) => picture.AdjustSaturation(1 + (sign * 0.9 * part)),
        static (picture, part, sign, _) => picture.AdjustContrast(1 + (sign * 0.9 * part)),
        static (picture, part, sign, _) => picture.AdjustSharpness(1 + (sign * 0.9 * part)),
        static (picture, part, _, _) => picture.Posterize(8 - (int)Math.Round(4 * part)),
        static (picture, part, _, _) => picture.Solarize(255 * (1 - part)),
        static (picture, _, _, _) => picture.AutoContrast(),
        static (picture, _, _, _) => picture.Equalize(),
    ];

    public static PictureChange RandAugment(int count, int magnitude, PictureFilter filter)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (magnitude is < 0 or > Strongest)
            throw new ArgumentOutOfRangeException(nameof(magnitude), magnitude, $"A magnitude of {magnitude}; legal is 0..{Strongest}.");
        return (Picture picture, ref RandomStream random) =>
        {
            for (var i = 0; i < count; i++)
            {
                var change = s_set[random.Below((uint)s_set.Length)];
                picture = change(picture, (double)magnitude / Strongest, random.Below(2) == 0 ? 1 : -1, filter);
            }

            return picture;
        };
    }

    public static PictureChange ColourJitter(double brightness, double contrast, double saturation, double hue) => (Picture picture, ref RandomStream random) =>
    {
        Span<int> order = [0, 1, 2, 3];
        for (var i = order.Length - 1; i > 0; i--)
        {
            var other = (int)random.Below((uint)i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        foreach (var change in order)
        {
            picture = change switch
            {
                0 => brightness > 0 ? picture.AdjustBrightness(Factor(brightness, ref random)) : picture,
                1 => contrast > 0 ? picture.AdjustContrast(Factor(contrast, ref random)) : picture,
                2 => saturation > 0 ? picture.AdjustSaturation(Factor(saturation, ref random)) : picture,
                _ => hue > 0 ? picture.AdjustHue(random.Uniform(-hue, hue)) : picture,
            };
        }

        return picture;
    };

    private static double Factor(double range, ref RandomStream random) => random.Uniform(Math.Max(0, 1 - range), 1 + range);
}
