using System.Text.Json;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Testing;

/// <summary>A tensor of a stored case; whole numbers as they are.</summary>
internal sealed record StoredTensor(int[] Shape, double[] Values);

/// <summary>A stored loss of given features, or of a small encoder: its configuration, what it was given and what the reference computed.</summary>
/// <param name="path">A folder with <c>config.json</c>, <c>case.json</c> and tensors.</param>
internal sealed class LossFolder(string path)
{
    // Says where a case comes from, not what it computes.
    private readonly HashSet<string> _read = ["reference"];

    public string Path => path;

    public JsonElement Config { get; } = Json(path, "config.json");

    public JsonElement Case { get; } = Json(path, "case.json");

    public IReadOnlyDictionary<string, StoredTensor> Model { get; } = Tensors(path, "model");

    public IReadOnlyDictionary<string, StoredTensor> Inputs { get; } = Tensors(path, "inputs");

    public IReadOnlyDictionary<string, StoredTensor> Outputs { get; } = Tensors(path, "outputs");

    public IReadOnlyDictionary<string, StoredTensor> Gradients { get; } = Tensors(path, "gradients");

    /// <summary>What training left behind, where the loss has a state; else nothing.</summary>
    public IReadOnlyDictionary<string, StoredTensor> StateAfter { get; } = Tensors(path, "state_after");

    /// <summary>Keys of the configuration that nothing has asked for.</summary>
    public IEnumerable<JsonProperty> Unread => Config.EnumerateObject().Where(p => !_read.Contains(p.Name));

    public double Real(string key) => Value(key).GetDouble();

    public bool Flag(string key) => Value(key).GetBoolean();

    public string Text(string key) => Value(key).GetString()!;

    /// <exception cref="KeyNotFoundException">The configuration does not say it.</exception>
    public JsonElement Value(string key)
    {
        _read.Add(key);
        return Config.TryGetProperty(key, out var value) ? value : throw new KeyNotFoundException($"config.json has no {key}");
    }

    /// <summary>What the configuration says of a size must be so.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public void Require(string key, int actual)
    {
        if (Value(key).GetInt32() is var said && said != actual)
        {
            throw new InvalidDataException($"{key} of config.json is {said}, but the tensors have {actual}");
        }
    }

    private static JsonElement Json(string path, string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(path, file)));
        return json.RootElement.Clone();
    }

    private static Dictionary<string, StoredTensor> Tensors(string path, string file)
    {
        var full = System.IO.Path.Combine(path, file + ".safetensors");
        if (!File.Exists(full))
        {
            return [];
        }

        using var tensors = new SafetensorsFile(full);
        return tensors.Tensors.ToDictionary(static t => t.Name, t => new StoredTensor(t.Shape, tensors.ReadDoubles(t.Name)));
    }
}
