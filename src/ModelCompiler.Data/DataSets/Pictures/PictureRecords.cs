namespace ModelCompiler.Data;

/// <summary>A picture as it lies in its file, with its class.</summary>
/// <param name="Name">Where it is.</param>
/// <param name="Bytes">Still packed.</param>
/// <param name="Class">0..classes - 1.</param>
public sealed record ClassifiedPicture(string Name, ReadOnlyMemory<byte> Bytes, int Class);

/// <summary>A picture as it lies in its file, with what is said of it.</summary>
/// <param name="Name">Where it is.</param>
/// <param name="Bytes">Still packed.</param>
/// <param name="Captions">One or more, each of the whole picture.</param>
public sealed record CaptionedPicture(string Name, ReadOnlyMemory<byte> Bytes, IReadOnlyList<string> Captions)
{
    private const uint Domain = 0x43415054;

    /// <summary>One of the captions: the same whenever the record has its turn in that epoch.</summary>
    public string Caption(DataRow row, CaptionChoice choice = CaptionChoice.Drawn) =>
        Captions[choice == CaptionChoice.First ? 0 : (int)row.Random(Domain).Below((uint)Captions.Count)];
}

/// <summary>Which of several captions goes with a picture.</summary>
public enum CaptionChoice
{
    /// <summary>Another in each epoch, drawn by seed.</summary>
    Drawn,

    /// <summary>Always the first, as for measuring.</summary>
    First,
}

/// <summary>Which files hold pictures, by name. What is in them is told by their first bytes.</summary>
internal static class PictureNames
{
    /// <summary>Without the dot, small.</summary>
    public static IReadOnlyList<string> Extensions { get; } = ["png", "jpg", "jpeg", "webp", "gif", "bmp"];

    public static bool Is(string path) => Extensions.Contains(Path.GetExtension(path).TrimStart('.'), StringComparer.OrdinalIgnoreCase);
}
