using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>What a checkpoint folder asks for: a spec, or the keys that have no counterpart yet.</summary>
/// <param name="Format">Recognised format; null: none.</param>
public sealed record ScaffoldResult(ModelSpec? Spec, CheckpointFormat? Format, IReadOnlyList<string> Unsupported);

/// <summary>Reads a configuration backwards: from keys to the attributes of a class that loads the folder.</summary>
public static class Scaffold
{
    /// <param name="config">The folder's <c>config.json</c>.</param>
    /// <param name="tensors">Names of its tensors: some options show only there.</param>
    /// <param name="type">The class to write.</param>
    public static ScaffoldResult Run(ConfigFile config, IReadOnlyCollection<string> tensors, TypeSpec type)
    {
        if (CheckpointFamily.All.FirstOrDefault(f => f.Recognises(config)) is not { } family)
        {
            var kind = config.Get("model_type") ?? config.Get("architecture");
            return new ScaffoldResult(null, null, [$"model_type = {ConfigFile.Json(kind)} (supported: bert, roberta, distilbert, gpt2, opt, llama, vit, deit, dinov2, timm's VisionTransformer, nanoGPT, our own)"]);
        }

        var model = new ScaffoldedModel();
        family.Scaffold(config, tensors, model);
        foreach (var row in family.Rows)
        {
            var value = config.Get(row.Key);
            row.Read(value is null && !config.Contains(row.Key) && !ReferenceEquals(row.Default, ConfigRow.Absent) ? row.Default : value, model);
        }

        model.Published?.Invoke();
        model.Finish();
        if (family.Format != CheckpointFormat.Native)
        {
            model.Add("Checkpoint");
            model.Set("Checkpoint", "format", family.Format);
        }

        config.Skip(HuggingFaceConfig.Neutral);
        model.Unsupported.AddRange(config.Unread.Select(k => $"{k} = {ConfigFile.Json(config.Get(k))} (no counterpart)"));
        return new ScaffoldResult(model.Unsupported.Count > 0 ? null : new ModelSpec(type, model.Attributes()), family.Format, model.Unsupported);
    }
}
