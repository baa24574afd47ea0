namespace ModelCompiler.Testing;

/// <summary>Photographs and what was made of them are other people's work: they lie beside the repository, not in it.</summary>
internal static class Beside
{
    // What xunit takes for a skipped test, whatever the exception.
    private const string Skips = "$XunitDynamicSkip$";

    /// <summary>A folder or file of <c>shared</c>; the test is skipped, and says so, where it is absent.</summary>
    public static string Shared(params string[] path) => Folders.Shared(path)
        ?? throw new DirectoryNotFoundException($"{Skips}shared/{string.Join('/', path)} is in no folder above {AppContext.BaseDirectory}.");

    /// <summary>One of its photographs.</summary>
    public static string Photograph(string name) => Shared("data", "photos", "pictures", name);
}
