namespace ModelCompiler.Data;

/// <summary>Channels to other channels.</summary>
internal static class PictureColours
{
    private const int White = 255;

    public static Picture ToRgb(Picture picture, bool isRented)
    {
        var rgb = Picture.Allocate(picture.Width, picture.Height, 3, isRented);
        var from = picture.Samples;
        var to = rgb.Writable;
        switch (picture.Channels)
        {
            case 1:
                for (var i = 0; i < from.Length; i++)
                    to.Slice(3 * i, 3).Fill(from[i]);
                break;
            case 2:
                for (int i = 0, at = 0; i < from.Length; i += 2, at += 3)
                    to.Slice(at, 3).Fill(OnWhite(from[i], from[i + 1]));
                break;
            case 3:
                from.CopyTo(to);
                break;
            default:
                for (int i = 0, at = 0; i < from.Length; i += 4, at += 3)
                {
                    to[at] = OnWhite(from[i], from[i + 3]);
                    to[at + 1] = OnWhite(from[i + 1], from[i + 3]);
                    to[at + 2] = OnWhite(from[i + 2], from[i + 3]);
                }

                break;
        }

        return rgb;
    }

    /// <summary>Brightness as Pillow's mode L has it: one channel; alpha is dropped.</summary>
    public static Picture ToGrey(Picture picture)
    {
        var grey = Picture.Allocate(picture.Width, picture.Height, 1);
        var channels = picture.Channels;
        var to = grey.Writable;
        var from = picture.Samples;
        for (int i = 0, at = 0; i < grey.SampleCount; i++, at += channels)
            to[i] = channels < 3 ? from[at] : Brightness(from[at], from[at + 1], from[at + 2]);
        return grey;
    }

    /// <summary>0.299 red + 0.587 green + 0.114 blue.</summary>
    public static byte Brightness(int red, int green, int blue) => (byte)(((19595 * red) + (38470 * green) + (7471 * blue) + 32768) >> 16);

    /// <summary>Colours times alpha, in 8 bits.</summary>
    public static void MultiplyAlpha(ReadOnlySpan<byte> from, Span<byte> to, int channels)
    {
        for (var at = 0; at < from.Length; at += channels)
        {
            var alpha = to[at + channels - 1] = from[at + channels - 1];
            for (var channel = 0; channel < channels - 1; channel++)
                to[at + channel] = Times(from[at + channel], alpha);
        }
    }

    /// <summary>Colours by alpha, where there is some.</summary>
    public static void DivideAlpha(Span<byte> samples, int channels)
    {
        for (var at = 0; at < samples.Length; at += channels)
        {
            if (samples[at + channels - 1] is var alpha and > 0 and < 255)
            {
                for (var channel = 0; channel < channels - 1; channel++)
                    samples[at + channel] = (byte)Math.Min(255, 255 * samples[at + channel] / alpha);
            }
        }
    }

    // a b / 255, rounded.
    private static byte Times(int a, int b)
    {
        var product = (a * b) + 128;
        return (byte)((product + (product >> 8)) >> 8);
    }

    // As Pillow composes: weights with 7 more bits, which are cut at the end.
    private static byte OnWhite(int colour, int alpha)
    {
        var sum = (((colour * alpha) + (White * (255 - alpha))) << 7) + (128 << 7);
        return (byte)((sum + (sum >> 8)) >> 8 >> 7);
    }
}
