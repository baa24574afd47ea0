using ModelCompiler.Compiler.Checkpoints;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Cli.Scaffolding;

/// <summary>A step of a sentence encoder.</summary>
/// <param name="Type">Its class in Python, without what stands before the last dot.</param>
/// <param name="Path">Its folder within the encoder's.</param>
internal sealed record SentenceModule(string Type, string? Path);

/// <summary>The steps of a sentence encoder, as its <c>modules.json</c> lists them.</summary>
internal static class ModuleList
{
    public const string FileName = "modules.json";

    /// <summary>The steps in order; null where the folder has no list.</summary>
    /// <exception cref="CheckpointException">The file is no list of steps; the message names the key.</exception>
    public static IReadOnlyList<SentenceModule>? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        var value = CheckpointFolder.Read(path);
        return value is IReadOnlyList<object?> { Count: > 0 } list
            ? [.. list.Select((entry, i) => Read(entry, $"{path}[{i}]"))]
            : throw new CheckpointException($"{path} is {ConfigFile.Json(value)}; legal is a list of modules.");
    }

    private static SentenceModule Read(object? entry, string at)
    {
        var fields = SettingsFile.Of(entry, at);
        var type = fields.Text("type") ?? fields.Fail<string>("type", null, "a text");
        var module = new SentenceModule(type?.Split('.')[^1] ?? "", fields.Text("path"));
        if (fields.List("kwargs") is { Count: > 0 } arguments)
        {
            fields.Fail<object>("kwargs", arguments, "an empty list");
        }

        SettingsFile.Done(fields, at, ["idx", "name"]);
        return module;
    }
}
