namespace ModelCompiler.Data;

/// <summary>What is made of a picture's size before its centre is cut out.</summary>
public enum PictureFit
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A size, whatever the shape was: the model's, or a greater one whose centre is cut out.</summary>
    Stretch,

    /// <summary>The shorter edge gets a length, and the longer one keeps the shape.</summary>
    ShortestEdge,
}

/// <summary>
/// Pictures to the numbers that a model takes: RGB, resized, centre cropped, scaled, mean subtracted, divided by a deviation. Equal to
/// the image processors of transformers on Pillow. Can be used by several threads at once.
/// </summary>
public sealed class PicturePreprocessor
{
    private const double Scale = 0.00392156862745098; // 1 / 255 as published files write it

    private static readonly float[] s_clipMean = [0.48145466f, 0.4578275f, 0.40821073f], s_clipDeviation = [0.26862954f, 0.26130258f, 0.27577711f], s_half = [0.5f, 0.5f, 0.5f];

    private readonly Lazy<float[]> _values;

    /// <param name="height">Rows that the model takes.</param>
    /// <param name="width">Columns that the model takes.</param>
    public PicturePreprocessor(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (Height, Width, ShortestEdge, StretchHeight, StretchWidth) = (height, width, Math.Min(height, width), height, width);
        _values = new Lazy<float[]>(() => PixelValues.Table(RescaleFactor, Mean, Deviation));
    }

    public int Height { get; }

    public int Width { get; }

    /// <summary>Floats of a picture: [3, height, width].</summary>
    public int PictureFloats => 3 * Height * Width;

    public PictureFit Fit { get; init; } = PictureFit.Stretch;

    /// <summary>Pixels of the shorter edge; the longer one is cut to whole pixels. Only for <see cref="PictureFit.ShortestEdge"/>.</summary>
    public int ShortestEdge { get; init; }

    /// <summary>Rows before the centre is cut out; the model's unless it is set. Only for <see cref="PictureFit.Stretch"/>.</summary>
    public int StretchHeight { get; init; }

    /// <summary>Columns before the centre is cut out; the model's unless it is set. Only for <see cref="PictureFit.Stretch"/>.</summary>
    public int StretchWidth { get; init; }

    public PictureFilter Filter { get; init; } = PictureFilter.Bicubic;

    public CentreCropRule CropRule { get; init; } = CentreCropRule.Transformers;

    /// <summary>What bytes are multiplied by; null: they stay 0..255.</summary>
    public double? RescaleFactor { get; init; } = Scale;

    /// <summary>Subtracted from red, green and blue.</summary>
    public IReadOnlyList<float> Mean { get; init; } = s_half;

    /// <summary>What red, green and blue are divided by then.</summary>
    public IReadOnlyList<float> Deviation { get; init; } = s_half;

    /// <summary>CLIP: the shorter edge to the size, bicubic, the centre of it, CLIP's mean and deviation.</summary>
    public static PicturePreprocessor Clip(int size = 224) => new(size, size) { Fit = PictureFit.ShortestEdge, Mean = s_clipMean, Deviation = s_clipDeviation };

    /// <summary>ViT: bilinear to the size, from -1 to 1.</summary>
    public static PicturePreprocessor Vit(int size = 224) => new(size, size) { Filter = PictureFilter.Bilinear };

    /// <summary>BLIP: bicubic to the size, CLIP's mean and deviation.</summary>
    public static PicturePreprocessor Blip(int size = 384) => new(size, size) { Mean = s_clipMean, Deviation = s_clipDeviation };

    /// <summary>SigLIP: bicubic to the size, from -1 to 1.</summary>
    public static PicturePreprocessor SigLip(int size = 224) => new(size, size);

    /// <summary>Reads <c>preprocessor_config.json</c> of a folder, or such a file.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is broken, or has a field that nothing here knows: pictures could be others without a word.</exception>
    public static PicturePreprocessor Load(string path) => PreprocessorJson.Load(path);

    /// <summary>Writes the numbers of a picture.</summary>
    /// <param name="pixels">[3, height, width].</param>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> has another length.</exception>
    public void Write(Picture picture, Span<float> pixels)
    {
        if (pixels.Length != PictureFloats)
            throw new ArgumentException($"The row has {pixels.Length} floats, and this preprocessor makes pictures of 3 x {Height} x {Width}; legal are {PictureFloats}.", nameof(pixels));
        var rgb = picture.Channels == 3 ? picture : PictureColours.ToRgb(picture, isRented: true);
        var (width, height) = SizeOf(rgb);
        var isSame = (width, height) == (rgb.Width, rgb.Height);
        var resized = isSame ? rgb : PictureResizer.Resize(rgb, width, height, Filter, isRented: true);
        PixelValues.Write(resized, PictureCrop.Offset(width, Width, CropRule), PictureCrop.Offset(height, Height, CropRule), Width, Height, _values.Value, pixels);
        if (!isSame)
            resized.Return();
        if (rgb != picture)
            rgb.Return();
    }

    /// <summary>The same without crop: boxes that an augmentation cut are stretched to the size.</summary>
    public PicturePreprocessor Stretching() =>
        new(Height, Width) { Fit = PictureFit.Stretch, Filter = Filter, CropRule = CropRule, RescaleFactor = RescaleFactor, Mean = Mean, Deviation = Deviation };

    /// <summary>Writes the numbers of a file; nothing is kept of its pixels, and their memory is used again.</summary>
    /// <param name="name">What errors call it.</param>
    /// <inheritdoc cref="Write(Picture, Span{float})"/>
    /// <exception cref="InvalidDataException">It cannot be decoded.</exception>
    public void Write(ReadOnlySpan<byte> file, string name, Span<float> pixels)
    {
        var picture = PictureDecoder.Decode(file, name, Picture.MostPixels, isRented: true);
        try
        {
            Write(picture, pixels);
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{name}: {e.Message}", e);
        }
        finally
        {
            picture.Return();
        }
    }

    private (int Width, int Height) SizeOf(Picture picture)
    {
        if (Fit != PictureFit.ShortestEdge)
            return Fit == PictureFit.Stretch ? (StretchWidth, StretchHeight) : (picture.Width, picture.Height);
        var (shorter, longer) = (Math.Min(picture.Width, picture.Height), Math.Max(picture.Width, picture.Height));
        var length = (long)((double)((long)ShortestEdge * longer) / shorter);
        if (length * ShortestEdge > Picture.MostPixels)
            throw new InvalidDataException($"{picture.Width} x {picture.Height} pixels are {ShortestEdge} x {length} with the shorter edge at {ShortestEdge}, too many; legal are at most {Picture.MostPixels} pixels");
        return picture.Width <= picture.Height ? (ShortestEdge, (int)length) : ((int)length, ShortestEdge);
    }
}
