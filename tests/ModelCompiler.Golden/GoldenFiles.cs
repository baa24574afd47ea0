using System.Text.Json;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Golden;

/// <summary>The files of one case: <c>family/case</c>.</summary>
internal sealed class GoldenFiles : IDisposable
{
    private readonly JsonDocument _case;

    public GoldenFiles(string folder)
    {
        Folder = folder;
        _case = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "case.json")));
        Inputs = new SafetensorsFile(Path.Combine(folder, "inputs.safetensors"));
        Outputs = new SafetensorsFile(Path.Combine(folder, "outputs.safetensors"));
        var gradients = Path.Combine(folder, "gradients.safetensors");
        Gradients = File.Exists(gradients) ? new SafetensorsFile(gradients) : null;
    }

    public string Folder { get; }

    public string Name => $"{Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(Folder)))}/{Path.GetFileName(Folder)}";

    public SafetensorsFile Inputs { get; }

    public SafetensorsFile Outputs { get; }

    /// <summary>Null for cases of generation alone.</summary>
    public SafetensorsFile? Gradients { get; }

    public GoldenTraining? Training => Find("training") is { ValueKind: JsonValueKind.Object } training ? new GoldenTraining(training) : null;

    /// <summary>What the case generates; none where it is no model that does.</summary>
    public IReadOnlyList<JsonElement> Generations => Find("generation") is { ValueKind: JsonValueKind.Array } runs ? [.. runs.EnumerateArray()] : [];

    public double GradientNorm => Find("gradient_norm")?.GetDouble() ?? double.NaN;

    public IReadOnlyList<string> ZeroGradients => [.. Strings(Find("zero_gradients"))];

    /// <summary>Ranges along the first axis whose gradient is 0 in exact arithmetic.</summary>
    public IReadOnlyDictionary<string, (int From, int To)> PartlyZeroGradients => Find("partly_zero_gradients") is { ValueKind: JsonValueKind.Object } ranges
        ? ranges.EnumerateObject().ToDictionary(static r => r.Name, static r => (r.Value[0].GetInt32(), r.Value[1].GetInt32())) : [];

    /// <summary>What another implementation may be off by: ten times the reference's own deviation in float32, or 2e-5 where that is larger.</summary>
    public double Tolerance(string kind) => Math.Max(2e-5, 10 * (Find("float32_deviation_of_the_reference") is { } d && d.TryGetProperty(kind, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0));

    public void Dispose()
    {
        _case.Dispose();
        Inputs.Dispose();
        Outputs.Dispose();
        Gradients?.Dispose();
    }

    private JsonElement? Find(string key) => _case.RootElement.TryGetProperty(key, out var value) ? value : null;

    private static IEnumerable<string> Strings(JsonElement? list) => list is { ValueKind: JsonValueKind.Array } l ? l.EnumerateArray().Select(static e => e.GetString()!) : [];
}
