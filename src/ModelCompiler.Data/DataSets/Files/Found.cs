using System.Text.Json;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Data;

/// <summary>Names what is there, for messages about what is not.</summary>
internal static class Found
{
    private const int Shown = 8;

    /// <summary>"a, b and c", the first few of many.</summary>
    public static string Names(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length switch
        {
            0 => "nothing",
            1 => all[0],
            <= Shown => $"{string.Join(", ", all[..^1])} and {all[^1]}",
            _ => $"{string.Join(", ", all[..Shown])} and {all.Length - Shown} more",
        };
    }

    /// <summary>The error of a file that is missing: what the nearest folder that is there holds.</summary>
    /// <param name="what">What could be there.</param>
    public static FileNotFoundException Missing(string path, string what = "file")
    {
        if (path.Length == 0)
            return new FileNotFoundException($"An empty path names no {what}.");
        if (what == "file" && Directory.Exists(path))
            return new FileNotFoundException($"{path} is a folder; legal is a file. It holds {Names(Entries(path))}.", path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        while (folder is not null && !Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder);
        return new FileNotFoundException($"{path}: there is no such {what}; {folder} holds {Names(Entries(folder))}.", path);
    }

    /// <summary>Whether an error of opening says that the path leads to no file: <see cref="Missing"/> says more.</summary>
    public static bool IsNone(Exception e, string path) =>
        e is FileNotFoundException or DirectoryNotFoundException || path.Length == 0 || (e is UnauthorizedAccessException && Directory.Exists(path));

    /// <summary>The error of a folder that is missing.</summary>
    public static DirectoryNotFoundException MissingFolder(string path) => new(Missing(path, "folder").Message);

    /// <summary>What an error says of a file, without what only the code that threw it knows.</summary>
    public static string Reason(Exception e) => e switch
    {
        JsonException json => JsonProblem.Of(json),
        ArgumentException { ParamName: { } parameter } => e.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal),
        _ => e.Message,
    };

    private static IEnumerable<string> Entries(string? folder) =>
        folder is null ? [] : Directory.EnumerateFileSystemEntries(folder).Select(static e => Path.GetFileName(e)).Order(StringComparer.Ordinal);
}
