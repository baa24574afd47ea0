using System.Runtime.Intrinsics;
using SkiaSharp;

namespace ModelCompiler.Data;

/// <summary>Decoded pixels of one or four bytes into the channels of a picture, turned as the file says.</summary>
internal static class Upright
{
    /// <param name="pixels">At least 16 bytes longer than the pixels.</param>
    /// <param name="size">Bytes of a pixel: 1, or 4 of which the picture's channels are first (grey and alpha: first and last).</param>
    public static void Write(ReadOnlySpan<byte> pixels, int size, SKEncodedOrigin origin, Picture picture)
    {
        if (origin is SKEncodedOrigin.Default)
            Pack(pixels, size, picture);
        else
            Turn(pixels, size, origin, picture);
    }

    /// <summary>Samples of 16 bits, [height, width] when turned.</summary>
    public static ushort[] Turned(ushort[] samples, SKEncodedOrigin origin, int width, int height)
    {
        if (origin is SKEncodedOrigin.Default)
            return samples;
        var (columns, rows) = origin >= SKEncodedOrigin.LeftTop ? (height, width) : (width, height);
        var turned = new ushort[samples.Length];
        for (var at = 0; at < turned.Length; at++)
        {
            var (column, row) = Source(origin, at % width, at / width, columns, rows);
            turned[at] = samples[(row * columns) + column];
        }

        return turned;
    }

    private static void Pack(ReadOnlySpan<byte> pixels, int size, Picture picture)
    {
        var to = picture.Memory;
        if (size == picture.Channels)
        {
            pixels[..picture.SampleCount].CopyTo(to);
        }
        else if (picture.Channels == 3)
        {
            var order = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);
            for (int at = 0, end = picture.SampleCount; at < end; at += 12)
                Vector128.Shuffle(Vector128.Create(pixels.Slice(at / 3 * 4, 16)), order).CopyTo(to[at..]);
        }
        else
        {
            for (int i = 0, at = 0; at < picture.SampleCount; i += 4, at += 2)
                (to[at], to[at + 1]) = (pixels[i], pixels[i + 3]);
        }
    }

    private static void Turn(ReadOnlySpan<byte> pixels, int size, SKEncodedOrigin origin, Picture picture)
    {
        var (width, height, channels) = (picture.Width, picture.Height, picture.Channels);
        var isLying = origin >= SKEncodedOrigin.LeftTop;
        var columns = isLying ? height : width;
        var rows = isLying ? width : height;
        var to = picture.Writable;
        for (int y = 0, at = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++, at += channels)
            {
                var (column, row) = Source(origin, x, y, columns, rows);
                var from = pixels.Slice(((row * columns) + column) * size, size);
                if (channels == 2)
                    (to[at], to[at + 1]) = (from[0], from[3]);
                else
                    from[..channels].CopyTo(to[at..]);
            }
        }
    }

    // Where a pixel of the upright picture is in the file.
    private static (int Column, int Row) Source(SKEncodedOrigin origin, int x, int y, int columns, int rows) => origin switch
    {
        SKEncodedOrigin.TopRight => (columns - 1 - x, y),
        SKEncodedOrigin.BottomRight => (columns - 1 - x, rows - 1 - y),
        SKEncodedOrigin.BottomLeft => (x, rows - 1 - y),
        SKEncodedOrigin.LeftTop => (y, x),
        SKEncodedOrigin.RightTop => (y, rows - 1 - x),
        SKEncodedOrigin.RightBottom => (columns - 1 - y, rows - 1 - x),
        _ => (columns - 1 - y, x),
    };
}
