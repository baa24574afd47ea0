namespace ModelCompiler.Data;

/// <summary>Values to other values, wherever they stand.</summary>
internal static class PictureLevels
{
    private const int Levels = 256;

    public static Picture Map(Picture picture, Func<int, double> value) => Map(picture, Table(value));

    /// <param name="table">From how often each value is there in a channel.</param>
    public static Picture Map(Picture picture, Func<int[], byte[]> table)
    {
        var mapped = Picture.Allocate(picture.Width, picture.Height, picture.Channels);
        var (channels, colours) = (picture.Channels, picture.Channels - (picture.HasAlpha ? 1 : 0));
        var from = picture.Samples;
        var to = mapped.Writable;
        from.CopyTo(to);
        for (var channel = 0; channel < colours; channel++)
        {
            var counts = new int[Levels];
            for (var i = channel; i < from.Length; i += channels)
                counts[from[i]]++;
            var values = table(counts);
            for (var i = channel; i < from.Length; i += channels)
                to[i] = values[from[i]];
        }

        return mapped;
    }

    public static byte[] Stretched(int[] counts)
    {
        var (low, high) = (Array.FindIndex(counts, static c => c > 0), Array.FindLastIndex(counts, static c => c > 0));
        var scale = 255.0 / (high - low);
        return high <= low ? Table(static value => value) : Table(value => (value * scale) + (-low * scale));
    }

    public static byte[] Equalized(int[] counts)
    {
        // The lightest value that is there does not count.
        var step = (counts.Sum() - counts[Array.FindLastIndex(counts, static c => c > 0)]) / 255;
        if (step == 0 || counts.Count(static c => c > 0) <= 1)
            return Table(static value => value);
        var values = new byte[Levels];
        for (int value = 0, sum = step / 2; value < Levels; sum += counts[value++])
            values[value] = (byte)Math.Min(255, sum / step);
        return values;
    }

    private static Picture Map(Picture picture, byte[] values) => Map(picture, _ => values);

    private static byte[] Table(Func<int, double> value) => [.. Enumerable.Range(0, Levels).Select(i => (byte)Math.Clamp(value(i), 0, 255))];
}
