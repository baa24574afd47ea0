using ModelCompiler.Cli.Scaffolding;

namespace ModelCompiler.Cli.Embedding;

/// <summary>What a sentence encoder's folder says beside its model, and scaffolding leaves to whoever uses the class.</summary>
/// <param name="HasPooling">The scaffolded class pools as the folder says.</param>
/// <param name="IsNormalized">Vectors have unit length.</param>
/// <param name="MostTokens">Longer texts are cut; null: what the model can take.</param>
internal sealed record SentenceFolder(bool HasPooling, bool IsNormalized, int? MostTokens)
{
    /// <exception cref="Runtime.Checkpoints.CheckpointException">A file is no JSON.</exception>
    public static SentenceFolder Read(string folder)
    {
        string[] modules = [.. (Optional(folder, "modules.json") as IReadOnlyList<object?> ?? []).OfType<IReadOnlyDictionary<string, object?>>()
            .Select(static m => $"{m.GetValueOrDefault("type")}".Split('.')[^1])];
        var settings = Optional(folder, "sentence_bert_config.json") as IReadOnlyDictionary<string, object?>;
        return new SentenceFolder(
            modules.Contains("Pooling") || File.Exists(Path.Combine(folder, "1_Pooling", "config.json")), modules.Contains("Normalize"),
            settings?.GetValueOrDefault("max_seq_length") is long and > 0 and <= int.MaxValue and var most ? (int)most : null);
    }

    private static object? Optional(string folder, string name) => File.Exists(Path.Combine(folder, name)) ? CheckpointFolder.Read(Path.Combine(folder, name)) : null;
}
