namespace ModelCompiler.Data;

/// <summary>
/// CIFAR-10 or CIFAR-100 in its binary version: pictures of 3 x 32 x 32 bytes behind a label, or behind a coarse and a fine one. In memory.
/// </summary>
public sealed class CifarDataSet : IRecords<RawPicture>
{
    /// <summary>Rows, and columns, of a picture.</summary>
    public const int Size = 32;

    private const int Channels = 3;
    private const int Pixels = Channels * Size * Size;

    private readonly IRecords<RawPicture> _records;

    private CifarDataSet((string Path, byte[] Bytes)[] files, int labels, int label, int classes)
    {
        Classes = classes;
        var stride = labels + Pixels;
        _records = Records.Concat([.. files.Select(f => Records.Of(
            f.Bytes.Length / stride,
            i => new RawPicture(f.Bytes.AsMemory(((int)i * stride) + labels, Pixels), Channels, Size, Size, f.Bytes[((int)i * stride) + label]),
            i => FormattableString.Invariant($"{f.Path}, picture {i}")))]);
    }

    /// <summary>Mean of CIFAR-10's channels, on a scale of 0 to 1.</summary>
    public static IReadOnlyList<float> Mean { get; } = [0.4914f, 0.4822f, 0.4465f];

    /// <summary>Standard deviation of CIFAR-10's channels.</summary>
    public static IReadOnlyList<float> Deviation { get; } = [0.2470f, 0.2435f, 0.2616f];

    /// <summary>Number of classes; every label is below it.</summary>
    public int Classes { get; }

    /// <inheritdoc/>
    public long Count => _records.Count;

    /// <summary>Reads CIFAR-10: <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c> or, held out, <c>test_batch.bin</c>, plain or <c>.gz</c>.</summary>
    /// <exception cref="FileNotFoundException">A file is missing; the message says what the folder holds.</exception>
    /// <exception cref="InvalidDataException">A file is broken.</exception>
    public static CifarDataSet Read10(string folder, Split split = Split.Train) => Read(
        split == Split.Train ? [.. Enumerable.Range(1, 5).Select(i => Find(folder, $"data_batch_{i}.bin"))] : [Find(folder, "test_batch.bin")], [10], 0);

    /// <summary>Reads CIFAR-100: <c>train.bin</c> or, held out, <c>test.bin</c>, plain or <c>.gz</c>.</summary>
    /// <param name="isCoarse">The 20 coarse classes instead of the 100 fine ones.</param>
    /// <inheritdoc cref="Read10"/>
    public static CifarDataSet Read100(string folder, Split split = Split.Train, bool isCoarse = false) =>
        Read([Find(folder, split == Split.Train ? "train.bin" : "test.bin")], [20, 100], isCoarse ? 0 : 1);

    /// <inheritdoc/>
    public string NameOf(long index) => _records.NameOf(index);

    /// <inheritdoc/>
    public RawPicture Read(long index) => _records.Read(index);

    /// <summary>Reads files.</summary>
    /// <param name="classes">Of each label that stands before a picture.</param>
    /// <param name="label">Which of them counts.</param>
    internal static CifarDataSet Read(IReadOnlyList<string> paths, int[] classes, int label)
    {
        var files = new (string Path, byte[] Bytes)[paths.Count];
        for (var i = 0; i < files.Length; i++)
        {
            using var file = SeekableFile.Open(paths[i], FileBytes.Most);
            files[i] = (paths[i], FileBytes.Read(file.Handle, 0, file.Length, paths[i]));
            Check(files[i].Path, files[i].Bytes, classes);
        }

        return new CifarDataSet(files, classes.Length, label, classes[label]);
    }

    private static void Check(string path, byte[] bytes, int[] classes)
    {
        var stride = classes.Length + Pixels;
        if (bytes.Length == 0 || bytes.Length % stride != 0)
            throw new InvalidDataException($"{path}: {bytes.Length} bytes; legal is a multiple of {stride}, the bytes of a picture and its labels.");
        for (var at = 0; at < bytes.Length; at += stride)
        {
            for (var i = 0; i < classes.Length; i++)
            {
                if (bytes[at + i] >= classes[i])
                    throw new InvalidDataException($"{path}: label {i} of picture {at / stride} is {bytes[at + i]}; legal is 0..{classes[i] - 1}.");
            }
        }
    }

    private static string Find(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return !File.Exists(path) && File.Exists(path + ".gz") ? path + ".gz" : path;
    }
}
