using System.Buffers;

namespace ModelCompiler.Data;

/// <summary>
/// A picture in memory: 8-bit samples [height, width, channels], row by row from the top, channels interleaved: grey, grey and alpha, RGB or RGBA
/// (alpha is not multiplied in). What changes a picture gives a new one. Can be read by several threads at once.
/// </summary>
public sealed class Picture
{
    /// <summary>The most pixels that a file may claim if nothing else is said: 128 million, half a gigabyte while it is decoded.</summary>
    public const long MostPixels = 1 << 27;

    /// <summary>Bytes behind the samples of every picture, so that vectors may read over the end.</summary>
    internal const int Margin = 32;

    private byte[] _memory;
    private bool _isRented;

    /// <param name="samples">Copied.</param>
    /// <exception cref="ArgumentException">There are no pixels, other channels than 1..4, or another number of samples than [height, width, channels].</exception>
    public Picture(int width, int height, int channels, ReadOnlySpan<byte> samples)
        : this(width, height, channels, isRented: false)
    {
        if (samples.Length != SampleCount)
            throw new ArgumentException($"{samples.Length} samples; legal for {width} x {height} pixels of {channels} channels are {SampleCount}.", nameof(samples));
        samples.CopyTo(_memory);
    }

    private Picture(int width, int height, int channels, bool isRented)
    {
        if (width < 1 || height < 1 || channels is < 1 or > 4 || (long)width * height * channels > Array.MaxLength - Margin)
            throw new ArgumentException($"{width} x {height} pixels of {channels} channels; legal are 1 or more pixels of 1..4 channels, at most {Array.MaxLength - Margin} samples.");
        (Width, Height, Channels, _isRented) = (width, height, channels, isRented);
        var length = SampleCount + Margin;
        _memory = isRented ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.</summary>
    public int Channels { get; }

    public bool HasAlpha => Channels is 2 or 4;

    /// <summary>It came as one bit a pixel: only 0 and 255 are in it, and it is always resized by <see cref="PictureFilter.Nearest"/>.</summary>
    public bool IsBilevel { get; internal init; }

    /// <summary>[height, width, channels].</summary>
    public ReadOnlySpan<byte> Samples => _memory.AsSpan(0, SampleCount);

    /// <summary>Grey [height, width] as a file of 16 bits holds it; empty where 8 bits were all. <see cref="Samples"/> are these / 257, rounded. Pictures made from this one have none.</summary>
    public ReadOnlySpan<ushort> WideSamples => Wide;

    internal ushort[]? Wide { get; init; }

    internal int SampleCount => Width * Height * Channels;

    /// <summary>The samples with the margin behind them.</summary>
    internal Span<byte> Memory => _memory.AsSpan(0, SampleCount + Margin);

    internal Span<byte> Writable => _memory.AsSpan(0, SampleCount);

    /// <inheritdoc cref="Decode"/>
    /// <param name="path">Its content tells the format, not its name.</param>
    /// <exception cref="FileNotFoundException">There is no such file; the message says what its folder holds.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Picture Read(string path, long mostPixels = MostPixels) => Decode(FileBytes.Read(path), path, mostPixels);

    /// <summary>
    /// Decodes JPEG, PNG, WebP, BMP, or the first frame of GIF, turned upright as its EXIF orientation says. Grey stays grey, palettes become
    /// colours, and what has alpha or a transparent colour has an alpha channel; CMYK becomes RGB as (255 - c)(255 - k) / 255 without a profile.
    /// </summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="mostPixels">A file that claims more is refused before memory is taken.</param>
    /// <exception cref="InvalidDataException">It is no picture, not whole, broken or too large; the message begins with <paramref name="name"/>.</exception>
    public static Picture Decode(ReadOnlySpan<byte> bytes, string name, long mostPixels = MostPixels) => PictureDecoder.Decode(bytes, name, mostPixels, isRented: false);

    /// <summary>Writes a PNG without metadata that holds exactly <see cref="Samples"/>.</summary>
    public void Save(string path)
    {
        using var file = File.Create(path);
        Save(file);
    }

    /// <inheritdoc cref="Save(string)"/>
    public void Save(Stream stream) => PngWriter.Write(this, stream);

    /// <summary>Another size, byte for byte as Pillow's <c>resize</c> gives it (antialiased; see <see cref="PictureFilter"/>). Alpha weighs the colours under it.</summary>
    public Picture Resize(int width, int height, PictureFilter filter) => PictureResizer.Resize(this, width, height, filter, isRented: false);

    /// <summary>A box of it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The box is not within the picture.</exception>
    public Picture Crop(int left, int top, int width, int height) => PictureCrop.Box(this, left, top, width, height);

    /// <summary>Its centre; zeros around where it is smaller.</summary>
    public Picture CentreCrop(int width, int height, CentreCropRule rule = CentreCropRule.Transformers) => PictureCrop.Centre(this, width, height, rule);

    /// <summary>Adds a border.</summary>
    /// <param name="fill">One value for each channel, or none for 0; only for <see cref="PictureBorder.Constant"/>.</param>
    /// <exception cref="ArgumentException">A negative border, a wrong number of values, or a reflected border as wide as the picture.</exception>
    public Picture Pad(int left, int top, int right, int bottom, PictureBorder border = PictureBorder.Constant, ReadOnlySpan<byte> fill = default) =>
        PictureCrop.Pad(this, left, top, right, bottom, border, fill);

    /// <summary>Three channels: grey is repeated, and alpha laid on white.</summary>
    public Picture ToRgb() => PictureColours.ToRgb(this, isRented: false);

    /// <summary>One channel, 0.299 red + 0.587 green + 0.114 blue; alpha is dropped.</summary>
    public Picture ToGrey() => PictureColours.ToGrey(this);

    public override string ToString() => $"{Width} x {Height}, {Channels switch { 1 => "grey", 2 => "grey and alpha", 3 => "RGB", _ => "RGBA" }}";

    /// <summary>Memory that is not cleared.</summary>
    /// <param name="isRented">From a pool, to which <see cref="Return"/> gives it back.</param>
    internal static Picture Allocate(int width, int height, int channels, bool isRented = false, bool isBilevel = false, ushort[]? wide = null) =>
        new(width, height, channels, isRented) { IsBilevel = isBilevel, Wide = wide };

    /// <summary>Gives rented memory back; nobody may hold the picture then.</summary>
    internal void Return()
    {
        if (!_isRented)
            return;
        _isRented = false;
        ArrayPool<byte>.Shared.Return(_memory);
        _memory = [];
    }
}
