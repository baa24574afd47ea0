using System.Buffers;

namespace ModelCompiler.Data;

/// <summary>Pictures seen through an affine map, with Pillow's filters for that: they interpolate and do not antialias.</summary>
internal static class PictureWarp
{
    private const int FixedBits = 16;

    /// <exception cref="ArgumentException">A filter that only resizes, or a wrong number of values to fill with.</exception>
    public static Picture Run(Picture picture, AffineMap map, int width, int height, PictureFilter filter, ReadOnlySpan<byte> fill)
    {
        if (filter is not (PictureFilter.Nearest or PictureFilter.Bilinear or PictureFilter.Bicubic))
            throw new ArgumentException($"{filter}; legal for turning are Nearest, Bilinear and Bicubic.", nameof(filter));
        if (fill.Length != 0 && fill.Length != picture.Channels)
            throw new ArgumentException($"{fill.Length} values to fill with; legal for {picture.Channels} channels are {picture.Channels}.", nameof(fill));
        var warped = Picture.Allocate(width, height, picture.Channels);
        var to = warped.Writable;
        to.Clear();
        for (var at = 0; at < to.Length && fill.Length > 0; at += fill.Length)
            fill.CopyTo(to[at..]);
        if (filter == PictureFilter.Nearest || picture.IsBilevel)
            Nearest(picture, warped, map);
        else if (picture.HasAlpha)
            InterpolateUnderAlpha(picture, warped, map, filter);
        else
            Interpolate(picture.Samples, picture, warped, map, filter);
        return warped;
    }

    // Places are sums of steps, whose rounding decides at edges: of floats where nothing turns, else of steps of 2^-16 pixels.
    private static void Nearest(Picture from, Picture to, AffineMap map)
    {
        var channels = to.Channels;
        var source = from.Samples;
        var target = to.Writable;
        var isUpright = map is { B: 0, D: 0 };
        var (startX, startY) = map.At(0.5, 0.5);
        var (rowX, rowY) = (Fixed(startX), Fixed(startY));
        for (int y = 0, at = 0; y < to.Height; y++, startY += map.E, rowX += Fixed(map.B), rowY += Fixed(map.E))
        {
            var (along, fixedX, fixedY) = (startX, rowX, rowY);
            for (var x = 0; x < to.Width; x++, at += channels, along += map.A, fixedX += Fixed(map.A), fixedY += Fixed(map.D))
            {
                var (column, row) = isUpright ? ((long)Math.Floor(along), (long)Math.Floor(startY)) : (fixedX >> FixedBits, fixedY >> FixedBits);
                if (column >= 0 && column < from.Width && row >= 0 && row < from.Height)
                    source.Slice((int)((row * from.Width) + column) * channels, channels).CopyTo(target[at..]);
            }
        }
    }

    private static long Fixed(double value) => (long)Math.Floor((value * (1 << FixedBits)) + 0.5);

    private static void InterpolateUnderAlpha(Picture from, Picture to, AffineMap map, PictureFilter filter)
    {
        var multiplied = ArrayPool<byte>.Shared.Rent(from.SampleCount);
        PictureColours.MultiplyAlpha(from.Samples, multiplied, from.Channels);
        Interpolate(multiplied, from, to, map, filter);
        PictureColours.DivideAlpha(to.Writable, to.Channels);
        ArrayPool<byte>.Shared.Return(multiplied);
    }

    private static void Interpolate(ReadOnlySpan<byte> source, Picture from, Picture to, AffineMap map, PictureFilter filter)
    {
        var (channels, reach) = (to.Channels, filter == PictureFilter.Bilinear ? 0 : 1);
        var target = to.Writable;
        Span<double> rows = stackalloc double[4];
        for (int row = 0, at = 0; row < to.Height; row++)
        {
            for (var column = 0; column < to.Width; column++, at += channels)
            {
                var (x, y) = map.At(column + 0.5, row + 0.5);
                if (!(x >= 0 && x < from.Width && y >= 0 && y < from.Height))
                    continue;
                var (left, top) = ((int)Math.Floor(x - 0.5), (int)Math.Floor(y - 0.5));
                var (dx, dy) = (x - 0.5 - left, y - 0.5 - top);
                for (var channel = 0; channel < channels; channel++)
                {
                    for (var i = 0; i < 2 + (2 * reach); i++)
                        rows[i] = Row(source[(Math.Clamp(top - reach + i, 0, from.Height - 1) * from.Width * channels)..], from.Width, channels, channel, left - reach, reach, dx);
                    target[at + channel] = (byte)Math.Clamp(reach == 0 ? Line(rows[0], rows[1], dy) : Cubic(rows[0], rows[1], rows[2], rows[3], dy), 0, 255);
                }
            }
        }
    }

    private static double Row(ReadOnlySpan<byte> row, int width, int channels, int channel, int first, int reach, double dx)
    {
        if (reach == 0)
            return Line(At(row, first), At(row, first + 1), dx);
        return Cubic(At(row, first), At(row, first + 1), At(row, first + 2), At(row, first + 3), dx);

        double At(ReadOnlySpan<byte> samples, int column) => samples[(Math.Clamp(column, 0, width - 1) * channels) + channel];
    }

    private static double Line(double a, double b, double at) => a + ((b - a) * at);

    // The cubic with a = -1.
    private static double Cubic(double a, double b, double c, double d, double at) => b + (at * (-a + c + (at * ((2 * (a - b)) + c - d + (at * (-a + b - c + d))))));
}
