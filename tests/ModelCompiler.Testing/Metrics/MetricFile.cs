using System.Text.Json;

namespace ModelCompiler.Testing;

/// <summary>A <c>cases.json</c> of metrics whose numbers reference implementations computed: names with inputs and what is expected.</summary>
internal sealed partial class MetricFile
{
    private const double Close = 1e-9, BleuClose = 1e-6;

    private readonly Dictionary<string, JsonElement> _cases;

    public MetricFile(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        _cases = json.RootElement.GetProperty("cases").EnumerateArray().ToDictionary(static c => c.Text("name"), static c => c.Clone());
    }

    public IReadOnlyCollection<string> Names => _cases.Keys;

    /// <summary>Whether a file holds metrics: its first case has what is expected beside its name.</summary>
    public static bool Is(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("cases", out var cases) && cases is { ValueKind: JsonValueKind.Array } && cases.GetArrayLength() > 0
            && cases[0] is { ValueKind: JsonValueKind.Object } first && first.TryGetProperty("name", out _) && first.TryGetProperty("expected", out _);
    }

    /// <exception cref="NotSupportedException">No metric has this name.</exception>
    public MetricComparison Compare(string name)
    {
        var to = new MetricComparison();
        Action<MetricComparison, JsonElement> compare = name switch
        {
            "retrieval_several_captions" or "retrieval_one_caption" => Retrieval,
            "classification" => Classification,
            "sentence_pairs" => SentencePairs,
            "perplexity" => Perplexity,
            "ptb_tokens" => CaptionTokens,
            "captioning" => Captioning,
            "sacrebleu" => SacreBleu,
            "rouge" => Rouge,
            "vqa" => Vqa,
            "exact_match" => ExactMatch,
            _ => throw new NotSupportedException($"no metric '{name}'"),
        };
        compare(to, _cases[name]);
        return to;
    }
}
