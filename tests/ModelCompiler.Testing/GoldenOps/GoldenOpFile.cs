using System.Text.Json;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Testing;

/// <summary>One stored call of an operation: its options, inputs, outputs and gradients, and how far the reference itself is off in float.</summary>
internal sealed class GoldenOpFile
{
    private readonly Dictionary<string, double[]> _values;
    private readonly Dictionary<string, int[]> _shapes;
    private readonly JsonElement _row;

    private GoldenOpFile(string op, JsonElement row, string folder)
    {
        (Op, Name, _row) = (op, row.GetProperty("name").GetString()!, row);
        using var file = new SafetensorsFile(Path.Combine(folder, Name + ".safetensors"));
        _values = file.Tensors.ToDictionary(static t => t.Name, t => file.ReadDoubles(t.Name));
        _shapes = file.Tensors.ToDictionary(static t => t.Name, static t => t.Shape);
    }

    public string Op { get; }

    public string Name { get; }

    /// <summary>The cases of an operation that the repository has.</summary>
    public static IEnumerable<GoldenOpFile> All(string op)
    {
        var folder = Path.Combine(Folders.Root, "tests", "Golden", "ops", op);
        using var table = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "cases.json")));
        return [.. table.RootElement.GetProperty("cases").Clone().EnumerateArray()
            .Where(row => File.Exists(Path.Combine(folder, row.GetProperty("name").GetString() + ".safetensors"))).Select(row => new GoldenOpFile(op, row, folder))];
    }

    public bool Has(string tensor) => _values.ContainsKey(tensor);

    public double[] Values(string tensor) => _values[tensor];

    /// <summary>Extents; a scalar has one of 1.</summary>
    public int[] Shape(string tensor) => _shapes[tensor] is [] ? [1] : _shapes[tensor];

    /// <summary>First extent of the first output with several: the number of samples where a call has such.</summary>
    public int Samples => Shape(_shapes.Keys.Where(static k => k.StartsWith("out.", StringComparison.Ordinal)).OrderBy(k => _shapes[k].Length).Last())[0];

    public JsonElement Option(string name) => _row.GetProperty("attributes").GetProperty(name);

    /// <summary>What another implementation may be off by in float, over the root mean square of a tensor.</summary>
    public double FloatTolerance(string tensor) => Math.Max(2e-5, 10 * _row.GetProperty("torch_float32_deviation").GetProperty(tensor).GetDouble());

    public override string ToString() => $"{Op}/{Name}";
}
