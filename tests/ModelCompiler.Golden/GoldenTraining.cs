using System.Text.Json;

namespace ModelCompiler.Golden;

/// <summary>The training that a case describes: AdamW's options and what the reference saw.</summary>
internal sealed class GoldenTraining(JsonElement json)
{
    public string Optimizer => Required("optimizer").GetString()!;

    public double LearningRate => Required("lr").GetDouble();

    public double Beta1 => Required("betas")[0].GetDouble();

    public double Beta2 => Required("betas")[1].GetDouble();

    public double Epsilon => Required("eps").GetDouble();

    /// <summary>0 where nothing decays.</summary>
    public double WeightDecay => Decayed.Count == 0 ? 0 : Required("weight_decay").GetDouble();

    /// <summary>Tensors that weight decay applies to, by the format's names.</summary>
    public IReadOnlyCollection<string> Decayed { get; } = json.TryGetProperty("decayed", out var names)
        ? names.EnumerateArray().Select(static d => d.GetString()!).ToHashSet() : throw new JsonException("case.json has no training.decayed");

    /// <summary>Null: gradients are not clipped.</summary>
    public double? ClipNorm => Numbers("clip_global_norm", JsonValueKind.Number)?.GetDouble();

    public double[] Losses => [.. Required("loss_before_each_step").EnumerateArray().Select(static l => l.GetDouble())];

    /// <summary>Of every step, before clipping; null: the case does not say.</summary>
    public double[]? GradientNorms => Numbers("gradient_norm_before_clipping", JsonValueKind.Array) is { } list ? [.. list.EnumerateArray().Select(static n => n.GetDouble())] : null;

    /// <summary>Of every tensor behind the last step, by the format's names; those of which rounding decides are left out.</summary>
    public IReadOnlyDictionary<string, double> ParameterNorms => Numbers("parameter_norm_after", JsonValueKind.Object) is { } norms
        ? norms.EnumerateObject().ToDictionary(static p => p.Name, static p => p.Value.GetDouble()) : [];

    private JsonElement Required(string key) => json.TryGetProperty(key, out var value) ? value : throw new JsonException($"case.json has no training.{key}");

    // Null where there is nothing; anything else than what is expected is an error of the case.
    private JsonElement? Numbers(string key, JsonValueKind kind) => !json.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == kind ? value : throw new JsonException($"training.{key} of case.json is no {kind}");
}
