namespace ModelCompiler.Data.Tests;

/// <summary>Finds real data sets in a folder <c>shared/data</c> beside the repository; tests that need one are skipped where it is absent.</summary>
internal static class SharedData
{
    public static string Find(string part)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "data", part);
            if (Path.Exists(path))
                return path;
        }

        Assert.Skip($"shared/data/{part} is in no folder above {AppContext.BaseDirectory}.");
        return "";
    }
}
