namespace ModelCompiler.Data;

/// <summary>A picture of bytes, as the small classical data sets have them, with its class.</summary>
/// <param name="Pixels">[channels, height, width], a byte each.</param>
/// <param name="Class">0..classes - 1.</param>
public readonly record struct RawPicture(ReadOnlyMemory<byte> Pixels, int Channels, int Height, int Width, int Class)
{
    /// <summary>Writes (byte / 255 - mean) / deviation.</summary>
    /// <param name="pixels">[channels, height, width].</param>
    /// <param name="mean">Of each channel, on a scale of 0 to 1.</param>
    /// <param name="deviation">Of each channel, above 0.</param>
    /// <exception cref="ArgumentException">Another number of floats or of channels.</exception>
    public void Write(Span<float> pixels, ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        if (pixels.Length != Pixels.Length || mean.Length != Channels || deviation.Length != Channels)
        {
            throw new ArgumentException(
                $"{pixels.Length} floats, {mean.Length} means and {deviation.Length} deviations; a picture of {Channels} x {Height} x {Width} takes {Pixels.Length}, {Channels} and {Channels}.");
        }

        var bytes = Pixels.Span;
        var size = Height * Width;
        for (var channel = 0; channel < Channels; channel++)
        {
            var from = bytes.Slice(channel * size, size);
            var to = pixels.Slice(channel * size, size);
            for (var i = 0; i < size; i++)
                to[i] = ((from[i] / 255f) - mean[channel]) / deviation[channel];
        }
    }
}
