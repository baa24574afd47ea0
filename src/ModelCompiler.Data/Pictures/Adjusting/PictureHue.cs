namespace ModelCompiler.Data;

/// <summary>Hues in 8 bits, as Pillow's mode HSV has them.</summary>
internal static class PictureHue
{
    public static Picture Turn(Picture picture, byte turn)
    {
        if (picture.Channels < 3)
            return picture;
        var turned = Picture.Allocate(picture.Width, picture.Height, picture.Channels);
        var channels = picture.Channels;
        var from = picture.Samples;
        var to = turned.Writable;
        for (var at = 0; at < from.Length; at += channels)
        {
            var (hue, saturation, value) = ToHsv(from[at], from[at + 1], from[at + 2]);
            (to[at], to[at + 1], to[at + 2]) = ToRgb((byte)(hue + turn), saturation, value);
            if (channels == 4)
                to[at + 3] = from[at + 3];
        }

        return turned;
    }

    private static (byte Hue, byte Saturation, byte Value) ToHsv(byte red, byte green, byte blue)
    {
        var (most, least) = (Math.Max(red, Math.Max(green, blue)), Math.Min(red, Math.Min(green, blue)));
        if (most == least)
            return (0, 0, most);
        float range = most - least;
        var (r, g, b) = ((most - red) / range, (most - green) / range, (most - blue) / range);
        var sixths = red == most ? b - g : green == most ? (float)(2.0 + r - b) : (float)(4.0 + g - r);
        var hue = (float)(((sixths / 6.0) + 1.0) % 1.0);
        return ((byte)(hue * 255.0), (byte)(range / most * 255.0), most);
    }

    private static (byte Red, byte Green, byte Blue) ToRgb(byte hue, byte saturation, byte value)
    {
        if (saturation == 0)
            return (value, value, value);
        var sixth = (int)(hue * 6.0 / 255.0);
        var rest = (float)((hue * 6.0 / 255.0) - sixth);
        var share = (float)(saturation / 255.0);
        var low = Rounded(value * (1.0 - share));
        var falling = Rounded(value * (1.0 - (share * rest)));
        var rising = Rounded(value * (1.0 - (share * (1.0 - rest))));
        return (sixth % 6) switch
        {
            0 => (value, rising, low),
            1 => (falling, value, low),
            2 => (low, value, rising),
            3 => (low, falling, value),
            4 => (rising, low, value),
            _ => (value, low, falling),
        };
    }

    private static byte Rounded(double value) => (byte)Math.Clamp(Math.Round(value, MidpointRounding.AwayFromZero), 0, 255);
}
