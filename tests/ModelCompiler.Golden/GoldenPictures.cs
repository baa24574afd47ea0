using ModelCompiler.Testing;

namespace ModelCompiler.Golden;

/// <summary>How a folder of stored pictures went.</summary>
/// <param name="Largest">The largest difference over what is allowed.</param>
internal sealed record GoldenPictureResult(string Name, int Cases, double Largest, string Verdict)
{
    public bool IsOk => Verdict == "ok";

    public override string ToString() => FormattableString.Invariant($"{Name}\t{Cases}\t{Largest:F3}\t{Verdict}");
}

/// <summary>Folders with a reference's pictures: resized, decoded, cropped and augmented ones by <c>cases.json</c>, a processor's numbers beside its <c>preprocessor_config.json</c>.</summary>
internal static class GoldenPictures
{
    public static IEnumerable<GoldenPictureResult> Run(string root) =>
        Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories).Prepend(root).Where(PictureFolder.Is).Order(StringComparer.Ordinal).Select(RunFolder);

    private static GoldenPictureResult RunFolder(string path)
    {
        var full = Path.GetFullPath(path);
        var name = $"{Path.GetFileName(Path.GetDirectoryName(full))}/{Path.GetFileName(full)}";
        try
        {
            var result = new PictureFolder(full).Compare();
            return new GoldenPictureResult(name, result.Cases, result.Largest, result.Wrong.Count == 0 ? "ok" : $"off ({result.Wrong.Count}: {result.Wrong[0]})");
        }
        catch (Exception e) when (e is FileNotFoundException or NotSupportedException)
        {
            return new GoldenPictureResult(name, 0, 0, $"unsupported ({e.Message})");
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or InvalidOperationException or System.Text.Json.JsonException or KeyNotFoundException)
        {
            return new GoldenPictureResult(name, 0, 0, $"off ({e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")})");
        }
    }
}
