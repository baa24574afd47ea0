namespace ModelCompiler.Examples;

/// <summary>Data beside the repository that a machine need not have.</summary>
internal static class SharedFolder
{
    /// <summary>A file or folder below the nearest <c>shared</c> above this program that holds it; null where there is none.</summary>
    public static string? Find(params string[] path)
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            var found = Path.Combine([at, "shared", .. path]);
            if (Path.Exists(found))
            {
                return found;
            }
        }

        return null;
    }
}
