using System.Buffers;

namespace ModelCompiler.Data;

/// <summary>Every new pixel is an old one.</summary>
internal static class NearestResize
{
    public static void Run(Picture from, Picture to)
    {
        var columns = ArrayPool<int>.Shared.Rent(to.Width);
        Places(from.Width, columns.AsSpan(0, to.Width));
        var rows = ArrayPool<int>.Shared.Rent(to.Height);
        Places(from.Height, rows.AsSpan(0, to.Height));
        var channels = to.Channels;
        var samples = to.Writable;
        for (int y = 0, at = 0; y < to.Height; y++)
        {
            var row = from.Samples.Slice(rows[y] * from.Width * channels, from.Width * channels);
            for (var x = 0; x < to.Width; x++, at += channels)
                row.Slice(columns[x] * channels, channels).CopyTo(samples[at..]);
        }

        ArrayPool<int>.Shared.Return(columns);
        ArrayPool<int>.Shared.Return(rows);
    }

    // Centres are added up, not multiplied: the sum's rounding decides where one meets an edge.
    private static void Places(int size, Span<int> places)
    {
        var scale = (double)size / places.Length;
        var at = scale / 2;
        foreach (ref var place in places)
        {
            place = Math.Min((int)at, size - 1);
            at += scale;
        }
    }
}
