using ModelCompiler.Testing;

namespace ModelCompiler.Golden;

/// <summary>Folders with a reference's pictures: resized, decoded, cropped and augmented ones by <c>cases.json</c>, a processor's numbers beside its <c>preprocessor_config.json</c>.</summary>
internal static class GoldenPictures
{
    public static IEnumerable<GoldenAnswers> Run(string root) =>
        Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories).Prepend(root).Where(PictureFolder.Is).Order(StringComparer.Ordinal).Select(static path => GoldenAnswers.Of(path, Compare));

    private static (int Cases, double Largest, IReadOnlyList<string> Wrong) Compare(string folder)
    {
        var result = new PictureFolder(folder).Compare();
        return (result.Cases, result.Largest, result.Wrong);
    }
}
