namespace ModelCompiler.Data;

/// <summary>Which pixels are the centre where the rest is odd, and where a picture that is too small lies.</summary>
public enum CentreCropRule
{
    /// <summary>transformers: the first row is floor((height - crop) / 2); a smaller picture begins at ceil((crop - height) / 2).</summary>
    Transformers,

    /// <summary>torchvision: the first row is (height - crop) / 2, half to even; a smaller picture begins at floor((crop - height) / 2).</summary>
    Torchvision,
}

/// <summary>What is put around a picture.</summary>
public enum PictureBorder
{
    /// <summary>One colour.</summary>
    Constant,

    /// <summary>The picture mirrored, its edge not repeated.</summary>
    Reflect,
}

/// <summary>Boxes of pictures and borders around them.</summary>
internal static class PictureCrop
{
    public static Picture Box(Picture picture, int left, int top, int width, int height)
    {
        if (left < 0 || top < 0 || width < 1 || height < 1 || width > picture.Width - left || height > picture.Height - top)
            throw new ArgumentOutOfRangeException(nameof(left), $"The box {width} x {height} at ({left}, {top}) is not within {picture.Width} x {picture.Height} pixels.");
        return Place(picture, width, height, -left, -top);
    }

    public static Picture Centre(Picture picture, int width, int height, CentreCropRule rule)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        return Place(picture, width, height, Offset(picture.Width, width, rule), Offset(picture.Height, height, rule));
    }

    /// <summary>Where a picture of a size begins in its centre crop: negative where pixels are cut away.</summary>
    public static int Offset(int size, int crop, CentreCropRule rule) => rule switch
    {
        CentreCropRule.Transformers when crop <= size => -((size - crop) / 2),
        // The larger of both sizes is the canvas, whose centre is then cut.
        CentreCropRule.Transformers => (crop - size + 1) / 2,
        _ when crop <= size => -HalfToEven(size - crop),
        _ => (crop - size) / 2,
    };

    public static Picture Pad(Picture picture, int left, int top, int right, int bottom, PictureBorder border, ReadOnlySpan<byte> fill)
    {
        if (left < 0 || top < 0 || right < 0 || bottom < 0)
            throw new ArgumentException($"Borders {left}, {top}, {right}, {bottom}; legal are 0 or more.");
        var (width, height) = (checked(left + picture.Width + right), checked(top + picture.Height + bottom));
        if (border == PictureBorder.Constant)
            return Place(picture, width, height, left, top, fill);
        if (Math.Max(left, right) >= picture.Width || Math.Max(top, bottom) >= picture.Height)
            throw new ArgumentException($"Reflected borders {left}, {top}, {right}, {bottom}; legal are less than the picture's {picture.Width} x {picture.Height}.");
        var padded = Picture.Allocate(width, height, picture.Channels);
        var channels = picture.Channels;
        for (var y = 0; y < height; y++)
        {
            var from = Row(picture, Mirror(y - top, picture.Height));
            var to = padded.Writable.Slice(y * width * channels, width * channels);
            for (var x = 0; x < width; x++)
                from.Slice(Mirror(x - left, picture.Width) * channels, channels).CopyTo(to[(x * channels)..]);
        }

        return padded;
    }

    // The picture on a canvas of a size, its first pixel at a place that may lie outside.
    private static Picture Place(Picture picture, int width, int height, int left, int top, ReadOnlySpan<byte> fill = default)
    {
        var channels = picture.Channels;
        if (fill.Length > 0 && fill.Length != channels)
            throw new ArgumentException($"{fill.Length} values for a border; legal for {channels} channels are {channels}.", nameof(fill));
        var placed = Picture.Allocate(width, height, channels, isBilevel: picture.IsBilevel && fill.IsEmpty);
        var to = placed.Writable;
        var (x, end) = (Math.Max(0, left), Math.Min(width, left + picture.Width));
        var isCovered = x == 0 && end == width && top <= 0 && top + picture.Height >= height;
        if (!isCovered)
            Fill(to, fill);
        for (var y = Math.Max(0, top); y < Math.Min(height, top + picture.Height) && x < end; y++)
            Row(picture, y - top)[((x - left) * channels)..((end - left) * channels)].CopyTo(to[(((y * width) + x) * channels)..]);
        return placed;
    }

    private static void Fill(Span<byte> samples, ReadOnlySpan<byte> colour)
    {
        if (colour.IsEmpty)
        {
            samples.Clear();
            return;
        }

        for (var i = 0; i < samples.Length; i += colour.Length)
            colour.CopyTo(samples[i..]);
    }

    private static ReadOnlySpan<byte> Row(Picture picture, int y) => picture.Samples.Slice(y * picture.Width * picture.Channels, picture.Width * picture.Channels);

    private static int Mirror(int at, int size) => at < 0 ? -at : at >= size ? (2 * (size - 1)) - at : at;

    private static int HalfToEven(int rest) => (rest / 2) + (rest % 4 == 3 ? 1 : 0);
}
