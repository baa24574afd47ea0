using ModelCompiler.Testing;

namespace ModelCompiler.Data.Tests;

/// <summary>Stored answers of tokenizers that lie in the repository.</summary>
internal static class GoldenFolder
{
    public static string Path { get; } = System.IO.Path.Combine(Folders.Root, "tests", "Golden", "tokenizers");
}

/// <summary>Stored answers that need published vocabularies, beside the repository; tests that need one are skipped where it is absent.</summary>
internal static class SharedGolden
{
    public static string Find(string name)
    {
        if (Folders.Shared("golden", "tokenizers", name) is { } path)
            return path;
        Assert.Skip($"shared/golden/tokenizers/{name} is in no folder above {AppContext.BaseDirectory}.");
        return "";
    }
}
