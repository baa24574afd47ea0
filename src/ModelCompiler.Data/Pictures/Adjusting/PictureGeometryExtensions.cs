namespace ModelCompiler.Data;

/// <summary>Pixels to other places, as torchvision's functions do it on Pillow's pictures.</summary>
public static class PictureGeometryExtensions
{
    /// <summary>Left becomes right.</summary>
    public static Picture FlipHorizontally(this Picture picture) => Turn(picture, picture.Width, picture.Height, static (p, x, y) => (p.Width - 1 - x, y));

    /// <summary>Above becomes below.</summary>
    public static Picture FlipVertically(this Picture picture) => Turn(picture, picture.Width, picture.Height, static (p, x, y) => (x, p.Height - 1 - y));

    /// <summary>Turns about the centre, against the clock.</summary>
    /// <param name="degrees">Quarter turns of squares, or that expand, are exact.</param>
    /// <param name="expands">The result is as large as it takes to hold all; else corners are cut.</param>
    /// <param name="fill">One value for each channel, or none for 0: what was outside.</param>
    public static Picture Rotate(this Picture picture, double degrees, PictureFilter filter = PictureFilter.Nearest, bool expands = false, ReadOnlySpan<byte> fill = default)
    {
        var (width, height) = (picture.Width, picture.Height);
        degrees = ((degrees % 360) + 360) % 360;
        if (degrees == 0)
            return picture;
        if (degrees == 180)
            return Turn(picture, width, height, static (p, x, y) => (p.Width - 1 - x, p.Height - 1 - y));
        if (degrees is 90 or 270 && (expands || width == height))
            return degrees == 90 ? Turn(picture, height, width, static (p, x, y) => (p.Width - 1 - y, x)) : Turn(picture, height, width, static (p, x, y) => (y, p.Height - 1 - x));
        var map = AffineMap.Rotation(degrees, width / 2.0, height / 2.0);
        return expands ? PictureWarp.Run(picture, map.Expanded(width, height, out var wide, out var high), wide, high, filter, fill) : PictureWarp.Run(picture, map, width, height, filter, fill);
    }

    /// <summary>Turned, scaled, sheared about a centre, then moved; the size stays.</summary>
    /// <param name="degrees">With the clock.</param>
    /// <param name="translation">Pixels to the right and down.</param>
    /// <param name="shear">Degrees along x and y.</param>
    /// <param name="centre">Null: the picture's.</param>
    /// <param name="fill">One value for each channel, or none for 0: what was outside.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="scale"/> is not above 0.</exception>
    public static Picture Affine(this Picture picture, double degrees = 0, (int X, int Y) translation = default, double scale = 1, (double X, double Y) shear = default,
        PictureFilter filter = PictureFilter.Nearest, (double X, double Y)? centre = null, ReadOnlySpan<byte> fill = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        var map = AffineMap.Inverse(centre ?? (picture.Width * 0.5, picture.Height * 0.5), degrees, translation, scale, shear);
        return PictureWarp.Run(picture, map, picture.Width, picture.Height, filter, fill);
    }

    private static Picture Turn(Picture picture, int width, int height, Func<Picture, int, int, (int X, int Y)> source)
    {
        var turned = Picture.Allocate(width, height, picture.Channels, isBilevel: picture.IsBilevel);
        var channels = picture.Channels;
        var from = picture.Samples;
        var to = turned.Writable;
        for (int y = 0, at = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++, at += channels)
            {
                var (column, row) = source(picture, x, y);
                from.Slice(((row * picture.Width) + column) * channels, channels).CopyTo(to[at..]);
            }
        }

        return turned;
    }
}
