using System.Text.Json;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>The weights of a folder: <c>model.safetensors</c>, or several files with an index.</summary>
public sealed class WeightFiles : IDisposable
{
    public const string FileName = "model.safetensors";
    private const string IndexName = "model.safetensors.index.json";

    private readonly Dictionary<string, SafetensorsFile> _files = [];
    private readonly Dictionary<string, SafetensorsFile> _fileOf = [];
    private readonly string _folder;

    /// <exception cref="CheckpointException">The folder has no weights, or they are malformed.</exception>
    public WeightFiles(string folder)
    {
        _folder = folder;
        try
        {
            if (File.Exists(Path.Combine(folder, FileName)))
            {
                foreach (var tensor in Open(FileName).Tensors)
                {
                    _fileOf.Add(tensor.Name, _files[FileName]);
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

        using var json = JsonFile.Parse(path);
        if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
        {
            throw new CheckpointException($"{path} has no object 'weight_map'.");
        }

        foreach (var entry in map.EnumerateObject())
        {
            var name = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
            if (name.Length == 0 || name != Path.GetFileName(name) || name is "." or "..")
            {
                throw new CheckpointException($"{path}: '{entry.Name}' is said to lie in '{name}'; legal are names of files of this folder.");
            }

            _fileOf[entry.Name] = Open(name).Contains(entry.Name) ? Open(name)
                : throw new CheckpointException($"{path}: '{entry.Name}' is said to lie in {name}, but is not there.");
        }
    }
}
