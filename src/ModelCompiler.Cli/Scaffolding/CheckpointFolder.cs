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
        var result = Compiler.Checkpoints.Scaffold.Run(Config(folder), Tensors(folder), type);
        return result.Spec is { } spec && Pooling(folder) is { } pooling ? result with { Spec = WithPooling(spec, pooling) } : result;
    }

    /// <summary>The folder's config.json.</summary>
    public static ConfigFile Config(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        using var json = Parse(path);
        return new ConfigFile(Value(json.RootElement) as IReadOnlyDictionary<string, object?> ?? throw new CheckpointException($"{path} is no JSON object."));
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CheckpointException($"{path} cannot be read: {e.Message}", e);
        }
    }

    // A folder with a configuration alone can be scaffolded too.
    private static IReadOnlyCollection<string> Tensors(string folder)
    {
        if (!File.Exists(Path.Combine(folder, WeightFiles.FileName)) && !File.Exists(Path.Combine(folder, WeightFiles.FileName + ".index.json")))
        {
            return [];
        }

        using var weights = new WeightFiles(folder);
        return [.. weights.Tensors.Select(static t => t.Name)];
    }

    // Sentence encoders say beside their model how tokens become one vector.
    private static Pooling? Pooling(string folder)
    {
        var path = Path.Combine(folder, "1_Pooling", "config.json");
        if (!File.Exists(path))
        {
            return null;
        }

        using var json = Parse(path);
        return Is("pooling_mode_mean_tokens") ? ModelCompiler.Pooling.Mean : Is("pooling_mode_cls_token") ? ModelCompiler.Pooling.Cls : null;

        bool Is(string key) => json.RootElement.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.True;
    }

    private static ModelSpec WithPooling(ModelSpec spec, Pooling pooling)
    {
        var first = spec.Attributes[0];
        var arguments = first.Arguments.Where(static a => a.Name is not ("Pooling" or "Pooler")).Append(new ArgumentSpec("Pooling", new SpecValue.Integer((long)pooling)));
        return spec with { Attributes = new([first with { Arguments = new(arguments) }, .. spec.Attributes.Skip(1)]) };
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
