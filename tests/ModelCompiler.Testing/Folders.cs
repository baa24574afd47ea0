namespace ModelCompiler.Testing;

/// <summary>Folders that tests read.</summary>
internal static class Folders
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = Up("ModelCompiler.sln") ?? throw new DirectoryNotFoundException("ModelCompiler.sln is in no folder above the tests.");

    /// <summary>A folder or file beside the repository that a user's machine need not have; null where it is absent.</summary>
    public static string? Shared(params string[] path) => Up(Path.Combine(["shared", .. path])) is { } root ? Path.Combine([root, "shared", .. path]) : null;

    // The nearest folder above the tests that holds a path.
    private static string? Up(string path)
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (Path.Exists(Path.Combine(at, path)))
            {
                return at;
            }
        }

        return null;
    }
}
