using System.Text.Json;
using ModelCompiler.Cli.Hosting;

namespace ModelCompiler.Cli.Embedding;

/// <summary>What a sentence encoder's folder says beside its model: how tokens become one vector, and what becomes of that.</summary>
/// <param name="Pooling">The mean over real tokens where the folder says nothing.</param>
/// <param name="IsNormalized">Vectors have unit length.</param>
/// <param name="MostTokens">Longer texts are cut; null: what the model can take.</param>
internal sealed record SentenceFolder(Pooling Pooling, bool IsNormalized, int? MostTokens)
{
    /// <exception cref="HostException">A step has no counterpart.</exception>
    public static SentenceFolder Read(string folder) => new(
        ReadPooling(Path.Combine(folder, "1_Pooling", "config.json")), ReadModules(Path.Combine(folder, "modules.json")), ReadMostTokens(Path.Combine(folder, "sentence_bert_config.json")));

    private static Pooling ReadPooling(string path)
    {
        using var json = Parse(path);
        string[] modes = json is null ? ["pooling_mode_mean_tokens"] : [.. json.RootElement.EnumerateObject()
            .Where(static p => p.Name.StartsWith("pooling_mode_", StringComparison.Ordinal) && p.Value.ValueKind == JsonValueKind.True).Select(static p => p.Name)];
        return modes switch
        {
            ["pooling_mode_mean_tokens"] => Pooling.Mean,
            ["pooling_mode_cls_token"] => Pooling.Cls,
            _ => throw new HostException($"{path} asks for {(modes.Length == 0 ? "no pooling" : string.Join(" and ", modes))}; supported are pooling_mode_mean_tokens or pooling_mode_cls_token."),
        };
    }

    private static bool ReadModules(string path)
    {
        using var json = Parse(path);
        var isNormalized = false;
        foreach (var module in json?.RootElement.EnumerateArray() ?? default)
        {
            var type = module.TryGetProperty("type", out var t) ? t.ToString() : "";
            isNormalized |= type.EndsWith(".Normalize", StringComparison.Ordinal);
            if (type.Split('.')[^1] is not ("Transformer" or "Pooling" or "Normalize") and var other)
                throw new HostException($"{path} has the module {other}; supported are Transformer, Pooling and Normalize.");
        }

        return isNormalized;
    }

    private static int? ReadMostTokens(string path)
    {
        using var json = Parse(path);
        return json is not null && json.RootElement.TryGetProperty("max_seq_length", out var most) && most.TryGetInt32(out var tokens) ? tokens : null;
    }

    private static JsonDocument? Parse(string path)
    {
        try
        {
            return File.Exists(path) ? JsonDocument.Parse(File.ReadAllBytes(path)) : null;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }
}
