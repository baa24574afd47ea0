using System.Text.Json;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>
/// Names of the files of a checkpoint folder: <c>config.json</c> and <c>model.safetensors</c>, or, where the first is not there, those that open_clip publishes, whose configuration
/// lies under <c>model_cfg</c>.
/// </summary>
public static class FolderNames
{
    /// <summary>The configuration.</summary>
    public const string Config = "config.json";

    /// <summary>The same of open_clip, and its weights.</summary>
    public const string OpenClipConfig = "open_clip_config.json", OpenClipWeights = "open_clip_model.safetensors";

    /// <summary>Object of <see cref="OpenClipConfig"/> that describes the model.</summary>
    public const string OpenClipModel = "model_cfg";

    // What open_clip has beside it: how pictures are prepared, which no attribute says.
    private const string OpenClipPictures = "preprocess_cfg";

    // What only tells open_clip's models from others in a config.json: in a file of its own it would be an argument that its class does not have.
    private const string OpenClipKind = "architecture";

    /// <summary>The path of a folder's configuration, whether it is there or not.</summary>
    public static string ConfigPath(string folder)
    {
        var (usual, openClip) = (Path.Combine(folder, Config), Path.Combine(folder, OpenClipConfig));
        return !File.Exists(usual) && File.Exists(openClip) ? openClip : usual;
    }

    /// <summary>Whether a configuration describes its model in an object of its own.</summary>
    public static bool IsOpenClip(string path) => Path.GetFileName(path) == OpenClipConfig;

    /// <summary>Names under which a model of a format is saved, and its configuration there: open_clip's own, unless the folder has the usual ones, which are read first.</summary>
    internal static (string Weights, string Config, ConfigEntry[] Entries) ToSave(string folder, CheckpointTable table) =>
        !IsOfOpenClip(table.Format) || File.Exists(Path.Combine(folder, Config)) || File.Exists(Path.Combine(folder, WeightFiles.FileName)) || File.Exists(Path.Combine(folder, WeightFiles.IndexName))
            ? (WeightFiles.FileName, Config, table.Config)
            : (OpenClipWeights, OpenClipConfig,
                [.. table.Config.Where(static e => e.Key != OpenClipKind).Select(static e => e with { Key = $"{OpenClipModel}.{e.Key}" }), new ConfigEntry(OpenClipPictures, "{}", [], IsOptional: true, IsCompared: false)]);

    /// <summary>What describes the model in a configuration.</summary>
    /// <exception cref="CheckpointException">The object is missing.</exception>
    internal static JsonElement Model(string path, JsonElement json) => !IsOpenClip(path) ? json
        : json.ValueKind == JsonValueKind.Object && json.TryGetProperty(OpenClipModel, out var model) ? model
        : throw new CheckpointException($"{path} has no object '{OpenClipModel}'.");

    private static bool IsOfOpenClip(string format) => format is nameof(CheckpointFormat.OpenClip) or nameof(CheckpointFormat.OpenClipCustomText);
}
