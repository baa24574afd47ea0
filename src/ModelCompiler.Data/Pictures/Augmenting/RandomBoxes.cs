namespace ModelCompiler.Data;

/// <summary>Changes that need a random box.</summary>
internal static class RandomBoxes
{
    private const int Tries = 10;

    public static PictureChange ResizedCrop(double least, double most, int? size, PictureFilter filter)
    {
        const double Widest = 4.0 / 3;
        return (Picture picture, ref RandomStream random) =>
        {
            var (left, top, width, height) = Draw(picture, least, most, Widest, ref random) ?? Centre(picture, Widest);
            var box = picture.Crop(left, top, width, height);
            return size is { } length ? box.Resize(length, length, filter) : box;
        };
    }

    public static PictureChange Shift(int pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pixels);
        return (Picture picture, ref RandomStream random) =>
        {
            var (left, top) = (random.Between(0, 2 * pixels), random.Between(0, 2 * pixels));
            return picture.Pad(pixels, pixels, pixels, pixels).Crop(left, top, picture.Width, picture.Height);
        };
    }

    public static PictureChange Erasing(double least, double most, byte[]? colour)
    {
        const double Widest = 10.0 / 3;
        return (Picture picture, ref RandomStream random) =>
        {
            if (colour is not null && colour.Length != picture.Channels)
                throw new ArgumentException($"{colour.Length} values to erase with; legal for {picture.Channels} channels are {picture.Channels}.");
            if (Draw(picture, least, most, Widest, ref random) is not var (left, top, width, height))
                return picture;
            var erased = new Picture(picture.Width, picture.Height, picture.Channels, picture.Samples);
            var samples = erased.Writable;
            for (var y = top; y < top + height; y++)
            {
                var row = samples.Slice(((y * picture.Width) + left) * picture.Channels, width * picture.Channels);
                for (var i = 0; i < row.Length; i++)
                    row[i] = colour is null ? (byte)random.Word() : colour[i % colour.Length];
            }

            return erased;
        };
    }

    // Null where no try fits.
    private static (int Left, int Top, int Width, int Height)? Draw(Picture picture, double least, double most, double widest, ref RandomStream random)
    {
        for (var i = 0; i < Tries; i++)
        {
            var area = random.Uniform(least, most) * picture.Width * picture.Height;
            var ratio = Math.Exp(random.Uniform(-Math.Log(widest), Math.Log(widest)));
            var (width, height) = ((int)Math.Round(Math.Sqrt(area * ratio)), (int)Math.Round(Math.Sqrt(area / ratio)));
            if (width >= 1 && height >= 1 && width <= picture.Width && height <= picture.Height)
                return (random.Between(0, picture.Width - width), random.Between(0, picture.Height - height), width, height);
        }

        return null;
    }

    // The largest box of a legal shape in the middle.
    private static (int Left, int Top, int Width, int Height) Centre(Picture picture, double widest)
    {
        var (width, height) = (picture.Width, picture.Height);
        if (width > height * widest)
            width = Math.Max(1, (int)Math.Round(height * widest));
        else if (height > width * widest)
            height = Math.Max(1, (int)Math.Round(width * widest));
        return ((picture.Width - width) / 2, (picture.Height - height) / 2, width, height);
    }
}
