using ModelCompiler.Compiler.Checkpoints;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Cli.Scaffolding;

/// <summary>Small JSON files beside a model, read strictly: what is of another type, or asked for by nothing, is an error with file, key and value.</summary>
internal static class SettingsFile
{
    /// <summary>The file's object; null where there is no file.</summary>
    /// <exception cref="CheckpointException">It is no JSON object.</exception>
    public static ConfigFile? Optional(string path) => File.Exists(path) ? Of(CheckpointFolder.Read(path), path) : null;

    /// <param name="at">What errors call it.</param>
    public static ConfigFile Of(object? value, string at) =>
        new(value as IReadOnlyDictionary<string, object?> ?? throw new CheckpointException($"{at} is {ConfigFile.Json(value)}; legal is an object."));

    /// <summary>Ends the reading of an object.</summary>
    /// <param name="neutral">Keys that change no vector.</param>
    /// <exception cref="CheckpointException">A value was not legal, or a key is left.</exception>
    public static void Done(ConfigFile fields, string at, IEnumerable<string> neutral)
    {
        fields.FailUnread(neutral);
        if (fields.Unsupported.Count > 0)
        {
            throw new CheckpointException($"{at}: {string.Join("; ", fields.Unsupported)}");
        }
    }
}
