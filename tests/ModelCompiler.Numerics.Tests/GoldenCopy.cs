using System.Text.Json.Nodes;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>A copy of a golden case whose files may be changed.</summary>
internal sealed class GoldenCopy : IDisposable
{
    /// <param name="name">The case: <c>family/case</c>.</param>
    public GoldenCopy(string name)
    {
        Folder = Path.Combine(Root.FullName, "copies", "edited");
        Directory.CreateDirectory(Folder);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Folders.Root, "tests", "Golden", name)))
        {
            File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)));
        }
    }

    /// <summary>A folder with nothing else in it.</summary>
    public DirectoryInfo Root { get; } = Directory.CreateTempSubdirectory("golden");

    public string Folder { get; }

    public void Dispose() => Root.Delete(recursive: true);

    public void Edit(string file, Action<JsonNode> edit)
    {
        var path = Path.Combine(Folder, file);
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        edit(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    /// <summary>Sets a value, or adds it.</summary>
    /// <param name="at">Keys and numbers of a list's entries with dots between; a slash is a dot within a key.</param>
    /// <param name="value">As JSON.</param>
    public void Set(string file, string at, string value) => Edit(file, json =>
    {
        var parts = at.Split('.');
        foreach (var part in parts.SkipLast(1))
        {
            json = json[part]!;
        }

        if (json is JsonArray list)
        {
            list[int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(value);
        }
        else
        {
            json[parts[^1].Replace('/', '.')] = JsonNode.Parse(value);
        }
    });
}
