using System.Text.Json;
using ModelCompiler.Compiler.Checkpoints;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Cli.Scaffolding;

/// <summary>What a checkpoint folder says of its model.</summary>
public static class CheckpointFolder
{
    /// <summary>The spec that loads a folder, or the keys that have no counterpart.</summary>
    /// <param name="name">Name of the class, with a namespace or without.</param>
    /// <exception cref="CheckpointException">The folder has no readable config.json.</exception>
    public static ScaffoldResult Scaffold(string folder, string name)
    {
        var dot = name.LastIndexOf('.');
        var type = new TypeSpec(dot < 0 ? "" : name[..dot], default, name[(dot + 1)..], "public");
        var config = Config(folder);
        var result = Compiler.Checkpoints.Scaffold.Run(config, Tensors(folder), type);
        return SpecCheck.Apply(config, SentenceModules.Apply(folder, result));
    }

    /// <summary>The folder's config.json, or what describes the model in open_clip's.</summary>
    /// <exception cref="CheckpointException">There is none, or it is no JSON object.</exception>
    public static ConfigFile Config(string folder)
    {
        var path = FolderNames.ConfigPath(folder);
        return !FolderNames.IsOpenClip(path) ? ReadObject(path)
            : (Read(path) as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault(FolderNames.OpenClipModel) is IReadOnlyDictionary<string, object?> model ? new(model)
            : throw new CheckpointException($"{path} has no object '{FolderNames.OpenClipModel}'.");
    }

    /// <summary>A JSON file as the compiler sees configurations.</summary>
    /// <exception cref="CheckpointException">There is no such file, or it is no JSON object.</exception>
    internal static ConfigFile ReadObject(string path) =>
        new(Read(path) as IReadOnlyDictionary<string, object?> ?? throw new CheckpointException($"{path} is no JSON object."));

    /// <summary>The values of a JSON file: dictionaries, lists, null, bool, long, double or string.</summary>
    /// <exception cref="CheckpointException">There is no such file, or it is no JSON.</exception>
    internal static object? Read(string path)
    {
        using var json = Parse(path);
        return Value(json.RootElement);
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException e)
        {
            throw new CheckpointException($"{path}: {JsonProblem.Of(e)}", e);
        }
        catch (IOException e) when (Path.GetDirectoryName(path) is { Length: > 0 } folder && !Directory.Exists(folder))
        {
            throw new CheckpointException(File.Exists(folder) ? $"{folder} is a file; legal is a folder with {Path.GetFileName(path)}." : $"{folder}: there is no such folder; paths begin at {Environment.CurrentDirectory}.", e);
        }
        catch (FileNotFoundException e)
        {
            var found = Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Path.GetFullPath(path))!).Select(static f => Path.GetFileName(f)).Order(StringComparer.Ordinal).ToArray();
            throw new CheckpointException($"{path}: there is no such file; its folder holds {(found.Length > 0 ? string.Join(", ", found) : "nothing")}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path} cannot be read: {e.Message}", e);
        }
    }

    // A folder with a configuration alone can be scaffolded too.
    private static IReadOnlyCollection<string> Tensors(string folder)
    {
        if (!WeightFiles.AreIn(folder))
        {
            return [];
        }

        using var weights = new WeightFiles(folder);
        return [.. weights.Tensors.Select(static t => t.Name)];
    }

    private static object? Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().GroupBy(static p => p.Name).ToDictionary(static p => p.Key, static p => Value(p.Last().Value)),
        JsonValueKind.Array => json.EnumerateArray().Select(Value).ToArray(),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.TryGetInt64(out var integer) ? (object)integer : json.GetDouble(),
        _ => null,
    };
}
