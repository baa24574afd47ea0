namespace ModelCompiler.Data;

/// <summary>Bytes to floats: a table for each channel, since a byte has 256 values.</summary>
internal static class PixelValues
{
    private const int Levels = 256;

    /// <summary>[3, 256]: byte x factor in double, rounded to float; minus mean, by deviation in float.</summary>
    public static float[] Table(double? factor, IReadOnlyList<float> mean, IReadOnlyList<float> deviation)
    {
        if (mean.Count != 3 || deviation.Count != 3)
            throw new ArgumentException($"{mean.Count} means and {deviation.Count} deviations; legal are 3 of each.");
        return [.. Enumerable.Range(0, 3 * Levels).Select(i => ((float)(i % Levels * (factor ?? 1)) - mean[i / Levels]) / deviation[i / Levels])];
    }

    /// <summary>Interleaved RGB to planes.</summary>
    /// <param name="left">Where the picture begins; negative where columns are cut away.</param>
    /// <param name="top">Where its rows begin.</param>
    /// <param name="pixels">[3, height, width]; where no picture is, black is written.</param>
    public static void Write(Picture rgb, int left, int top, int width, int height, ReadOnlySpan<float> table, Span<float> pixels)
    {
        var (begin, end) = (Math.Clamp(left, 0, width), Math.Clamp(left + rgb.Width, 0, width));
        for (var channel = 0; channel < 3; channel++)
        {
            var values = table.Slice(channel * Levels, Levels);
            for (var y = 0; y < height; y++)
            {
                var row = pixels.Slice(((channel * height) + y) * width, width);
                if (y < top || y - top >= rgb.Height)
                {
                    row.Fill(values[0]);
                    continue;
                }

                row[..begin].Fill(values[0]);
                row[end..].Fill(values[0]);
                if (begin < end)
                    Convert(rgb.Samples[(((((y - top) * rgb.Width) + begin - left) * 3) + channel)..], values, row[begin..end]);
            }
        }
    }

    private static void Convert(ReadOnlySpan<byte> samples, ReadOnlySpan<float> values, Span<float> row)
    {
        for (int x = 0, at = 0; x < row.Length; x++, at += 3)
            row[x] = values[samples[at]];
    }
}
