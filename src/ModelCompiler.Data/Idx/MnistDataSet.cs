namespace ModelCompiler.Data;

/// <summary>
/// Grey pictures with a class each, from a pair of IDX files as MNIST and its relatives (Fashion-MNIST, KMNIST) come: 8-bit pictures
/// [count, rows, columns] and 8-bit labels [count]. Kept as bytes; turned to floats when copied.
/// </summary>
public sealed class MnistDataSet
{
    private readonly IdxArray _images;
    private readonly IdxArray _labels;

    private MnistDataSet(IdxArray images, IdxArray labels, int classes) => (_images, _labels, Classes) = (images, labels, classes);

    /// <summary>Number of pictures.</summary>
    public int Count => _labels.Count;

    /// <summary>Rows of a picture.</summary>
    public int Height => _images.Dimensions[1];

    /// <summary>Columns of a picture.</summary>
    public int Width => _images.Dimensions[2];

    /// <summary>Number of classes; every label is below it.</summary>
    public int Classes { get; }

    /// <summary>Mean of MNIST's pixels on a scale of 0 to 1, subtracted by <see cref="Copy"/>. Set to 0 to keep 0 for the background.</summary>
    public float Mean { get; set; } = 0.1307f;

    /// <summary>Standard deviation of MNIST's pixels on a scale of 0 to 1, divided by in <see cref="Copy"/>.</summary>
    public float Deviation { get; set; } = 0.3081f;

    /// <summary>Reads <c>train-*</c> or, held out, <c>t10k-*</c> with their usual names, plain or <c>.gz</c>, from a folder.</summary>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is broken or the two do not fit together.</exception>
    public static MnistDataSet Read(string folder, Split split = Split.Train)
    {
        var prefix = split == Split.Train ? "train" : "t10k";
        return Read(Find(folder, $"{prefix}-images-idx3-ubyte"), Find(folder, $"{prefix}-labels-idx1-ubyte"));
    }

    /// <summary>Reads a pair of files.</summary>
    /// <param name="images">Path of 8-bit [count, rows, columns].</param>
    /// <param name="labels">Path of 8-bit [count], each below <paramref name="classes"/>.</param>
    /// <param name="classes">Number of classes, 1..256.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is outside its range.</exception>
    /// <exception cref="InvalidDataException">A file is broken or the two do not fit together.</exception>
    public static MnistDataSet Read(string images, string labels, int classes = 10)
    {
        if (classes is < 1 or > 256)
            throw new ArgumentOutOfRangeException(nameof(classes), classes, $"{classes} classes; legal is 1..256.");
        var (pictures, answers) = (Bytes(images, 3), Bytes(labels, 1));
        if (pictures.Dimensions[0] != answers.Dimensions[0])
        {
            throw new InvalidDataException(
                $"{labels}: {answers.Dimensions[0]} labels for the {pictures.Dimensions[0]} pictures of {images}; legal are equal counts.");
        }

        var wrong = answers.Values<byte>().IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1));
        return wrong < 0
            ? new MnistDataSet(pictures, answers, classes)
            : throw new InvalidDataException($"{labels}: label {wrong} is {answers.Values<byte>()[wrong]}; legal is 0..{classes - 1}.");
    }

    /// <summary>The class of picture <paramref name="index"/>: 0..<see cref="Classes"/> - 1.</summary>
    public int Label(long index) => _labels.Values<byte>()[Checked(index)];

    /// <summary>The bytes [<see cref="Height"/>, <see cref="Width"/>] of a picture, 0 for background.</summary>
    public ReadOnlySpan<byte> Image(long index) =>
        _images.Values<byte>().Slice(Checked(index) * Height * Width, Height * Width);

    /// <summary>The pictures as records: 1 x <see cref="Height"/> x <see cref="Width"/> bytes.</summary>
    public IRecords<RawPicture> ToRecords() => Records.Of(
        Count,
        index => new RawPicture(_images.Bytes.Slice((int)index * Height * Width, Height * Width), 1, Height, Width, Label(index)),
        static index => FormattableString.Invariant($"digit {index}"));

    /// <summary>Writes a batch.</summary>
    /// <param name="indices">Each 0..<see cref="Count"/> - 1.</param>
    /// <param name="pixels">[batch, 1, <see cref="Height"/>, <see cref="Width"/>]: (byte / 255 - <see cref="Mean"/>) / <see cref="Deviation"/>.</param>
    /// <param name="labels">[batch].</param>
    /// <exception cref="ArgumentException">A span does not fit the number of indices.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside its range.</exception>
    public void Copy(ReadOnlySpan<long> indices, Span<float> pixels, Span<int> labels)
    {
        var size = Height * Width;
        if (pixels.Length != (long)indices.Length * size || labels.Length != indices.Length)
        {
            throw new ArgumentException(
                $"{pixels.Length} pixels and {labels.Length} labels; legal for {indices.Length} indices are {(long)indices.Length * size} and {indices.Length}.");
        }

        for (var i = 0; i < indices.Length; i++)
        {
            labels[i] = Label(indices[i]);
            var image = Image(indices[i]);
            for (var p = 0; p < image.Length; p++)
                pixels[(i * size) + p] = ((image[p] / 255f) - Mean) / Deviation;
        }
    }

    private static IdxArray Bytes(string path, int dimensions)
    {
        var array = IdxFile.Read(path);
        return array.Element == IdxElement.U8 && array.Dimensions.Count == dimensions
            ? array
            : throw new InvalidDataException($"{path}: {array.Element} with {array.Dimensions.Count} dimensions; legal is U8 with {dimensions}.");
    }

    private static string Find(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? path
            : File.Exists(path + ".gz") ? path + ".gz"
            : throw (Directory.Exists(folder) ? new FileNotFoundException($"{folder} holds neither {name} nor {name}.gz.", path) : Found.MissingFolder(folder));
    }

    private int Checked(long index) => index >= 0 && index < Count
        ? (int)index
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"Picture {index} does not exist; legal is 0..{Count - 1}.");
}
