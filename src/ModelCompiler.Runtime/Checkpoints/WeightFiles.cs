using System.Text.Json;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>The weights of a folder: <c>model.safetensors</c>, or several files with an index, or open_clip's <c>open_clip_model.safetensors</c>.</summary>
public sealed class WeightFiles : IDisposable
{
    public const string FileName = "model.safetensors";
    internal const string IndexName = "model.safetensors.index.json";

    private static readonly string[] s_single = [FileName, FolderNames.OpenClipWeights];

    private readonly Dictionary<string, SafetensorsFile> _files = [];
    private readonly Dictionary<string, SafetensorsFile> _fileOf = [];
    private readonly string _folder;

    /// <exception cref="CheckpointException">The folder has no weights, or they are malformed.</exception>
    public WeightFiles(string folder)
    {
        _folder = folder;
        try
        {
            if (s_single.FirstOrDefault(f => File.Exists(Path.Combine(folder, f))) is { } single)
            {
                foreach (var tensor in Open(single).Tensors)
                {
                    _fileOf.Add(tensor.Name, _files[single]);
                }
            }
            else
            {
                ReadIndex();
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Every tensor.</summary>
    public IEnumerable<TensorEntry> Tensors => _fileOf.Select(static f => f.Value[f.Key]);

    /// <summary>Whether a folder has any.</summary>
    public static bool AreIn(string folder) => s_single.Append(IndexName).Any(f => File.Exists(Path.Combine(folder, f)));

    /// <summary>The file that holds a tensor; null: none.</summary>
    public SafetensorsFile? Find(string tensor) => _fileOf.GetValueOrDefault(tensor);

    public void Dispose()
    {
        foreach (var file in _files.Values)
        {
            file.Dispose();
        }
    }

    private SafetensorsFile Open(string name)
    {
        if (!_files.TryGetValue(name, out var file))
        {
            _files.Add(name, file = new SafetensorsFile(Path.Combine(_folder, name)));
        }

        return file;
    }

    private void ReadIndex()
    {
        var path = Path.Combine(_folder, IndexName);
        if (!File.Exists(path))
        {
            throw new CheckpointException($"{_folder} has neither {FileName} nor {IndexName}.");
        }

        foreach (var (tensor, file) in JsonFile.Read(path, json => Map(path, json)))
        {
            if (file.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || file != Path.GetFileName(file) || file is "" or "." or "..")
            {
                throw new CheckpointException($"{path}: '{UntrustedText.Show(tensor)}' is said to lie in '{UntrustedText.Show(file)}'; legal are names of files of this folder.");
            }

            if (!Open(file).Contains(tensor) || !_fileOf.TryAdd(tensor, Open(file)))
            {
                throw new CheckpointException($"{path}: '{UntrustedText.Show(tensor)}' is said to lie in {UntrustedText.Show(file)}, but is not there, or is listed twice.");
            }
        }
    }

    private static IReadOnlyList<(string Tensor, string File)> Map(string path, JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("weight_map", out var map) && map.ValueKind == JsonValueKind.Object
            ? [.. map.EnumerateObject().Select(static e => (e.Name, e.Value.ValueKind == JsonValueKind.String ? e.Value.GetString()! : ""))]
            : throw new CheckpointException($"{path} has no object 'weight_map'.");
}
