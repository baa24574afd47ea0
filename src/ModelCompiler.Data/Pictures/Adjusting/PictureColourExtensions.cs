namespace ModelCompiler.Data;

/// <summary>Changes of colours, as torchvision's functions make them of Pillow's pictures; alpha stays as it is.</summary>
public static class PictureColourExtensions
{
    /// <summary>Between black (0) and the picture (1), or beyond.</summary>
    public static Picture AdjustBrightness(this Picture picture, double factor) => PictureBlend.Blend(picture, factor, static (_, _) => default);

    /// <summary>Between the mean brightness (0) and the picture (1), or beyond.</summary>
    public static Picture AdjustContrast(this Picture picture, double factor)
    {
        var sum = 0L;
        foreach (var value in picture.ToGrey().Samples)
            sum += value;
        var mean = (byte)(((double)sum / (picture.Width * picture.Height)) + 0.5);
        return PictureBlend.Blend(picture, factor, (_, _) => (mean, mean, mean));
    }

    /// <summary>Between the picture in grey (0) and itself (1), or beyond. Grey pictures stay as they are.</summary>
    public static Picture AdjustSaturation(this Picture picture, double factor)
    {
        return PictureBlend.Blend(picture, factor, Grey, isOfColours: true);

        static (byte, byte, byte) Grey(ReadOnlySpan<byte> samples, int at)
        {
            var grey = PictureColours.Brightness(samples[at], samples[at + 1], samples[at + 2]);
            return (grey, grey, grey);
        }
    }

    /// <summary>Between the smoothed picture (0) and itself (1), or beyond.</summary>
    public static Picture AdjustSharpness(this Picture picture, double factor) => PictureBlend.Sharpen(picture, factor);

    /// <summary>Turns hues by a part of the circle, in 8 bits. Grey pictures stay as they are.</summary>
    /// <param name="turn">-0.5..0.5.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="turn"/> is outside its range.</exception>
    public static Picture AdjustHue(this Picture picture, double turn) => turn is >= -0.5 and <= 0.5
        ? PictureHue.Turn(picture, (byte)(int)(turn * 255))
        : throw new ArgumentOutOfRangeException(nameof(turn), turn, $"A hue turned by {turn}; legal is -0.5..0.5.");

    /// <summary>gain x^gamma on a scale of 0 to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="gamma"/> is negative.</exception>
    public static Picture AdjustGamma(this Picture picture, double gamma, double gain = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(gamma);
        return PictureLevels.Map(picture, value => (255 + 1 - 1e-3) * gain * Math.Pow(value / 255.0, gamma));
    }

    /// <summary>Each channel from its darkest to its lightest value stretched to 0..255.</summary>
    public static Picture AutoContrast(this Picture picture) => PictureLevels.Map(picture, PictureLevels.Stretched);

    /// <summary>Each channel so that all values are about as frequent.</summary>
    public static Picture Equalize(this Picture picture) => PictureLevels.Map(picture, PictureLevels.Equalized);

    public static Picture Invert(this Picture picture) => PictureLevels.Map(picture, static value => 255 - value);

    /// <summary>Keeps the highest bits of each value.</summary>
    /// <param name="bits">0..8.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bits"/> is outside its range.</exception>
    public static Picture Posterize(this Picture picture, int bits) => bits is >= 0 and <= 8
        ? PictureLevels.Map(picture, value => value & ~((1 << (8 - bits)) - 1))
        : throw new ArgumentOutOfRangeException(nameof(bits), bits, $"{bits} bits; legal is 0..8.");

    /// <summary>Inverts values from a threshold on.</summary>
    public static Picture Solarize(this Picture picture, double threshold) => PictureLevels.Map(picture, value => value < threshold ? value : 255 - value);

    /// <summary>As grey as <see cref="Picture.ToGrey"/>, with the channels that it has.</summary>
    public static Picture WithoutColour(this Picture picture) => picture.AdjustSaturation(0);
}
