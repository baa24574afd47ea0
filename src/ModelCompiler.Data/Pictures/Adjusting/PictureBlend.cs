namespace ModelCompiler.Data;

/// <summary>Between a picture and a poorer one, or away from it: cut to whole numbers after floats.</summary>
internal static class PictureBlend
{
    /// <summary>The poorer picture's colour at a pixel.</summary>
    public delegate (byte Red, byte Green, byte Blue) Poorer(ReadOnlySpan<byte> samples, int at);

    /// <param name="isOfColours">Grey pictures stay as they are.</param>
    public static Picture Blend(Picture picture, double factor, Poorer poorer, bool isOfColours = false)
    {
        if (isOfColours && picture.Channels < 3)
            return picture;
        RequireFinite(factor);
        var blended = Picture.Allocate(picture.Width, picture.Height, picture.Channels);
        var (channels, weight) = (picture.Channels, (float)factor);
        var from = picture.Samples;
        var to = blended.Writable;
        for (var at = 0; at < from.Length; at += channels)
        {
            var (red, green, blue) = poorer(from, at);
            to[at] = Between(red, from[at], weight);
            if (channels > 2)
                (to[at + 1], to[at + 2]) = (Between(green, from[at + 1], weight), Between(blue, from[at + 2], weight));
            if (picture.HasAlpha)
                to[at + channels - 1] = from[at + channels - 1];
        }

        return blended;
    }

    /// <summary>The poorer picture has means of 3 x 3 pixels, the middle one five times; its edge is not smoothed.</summary>
    public static Picture Sharpen(Picture picture, double factor)
    {
        RequireFinite(factor);
        var sharpened = Picture.Allocate(picture.Width, picture.Height, picture.Channels);
        var (channels, row) = (picture.Channels, picture.Width * picture.Channels);
        var colours = channels - (picture.HasAlpha ? 1 : 0);
        var from = picture.Samples;
        var to = sharpened.Writable;
        from.CopyTo(to);
        for (var y = 1; y < picture.Height - 1; y++)
        {
            for (var at = (y * row) + channels; at < ((y + 1) * row) - channels; at++)
            {
                if (at % channels >= colours)
                    continue;
                var sum = 4 * from[at];
                for (var line = at - row; line <= at + row; line += row)
                    sum += from[line - channels] + from[line] + from[line + channels];
                to[at] = Between((byte)(((2 * sum) + 13) / 26), from[at], (float)factor);
            }
        }

        return sharpened;
    }

    private static byte Between(int poorer, int value, float weight) => (byte)Math.Clamp(poorer + (weight * (value - poorer)), 0, 255);

    private static void RequireFinite(double factor)
    {
        if (!double.IsFinite(factor))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, $"A factor of {factor}; legal are finite ones.");
    }
}
