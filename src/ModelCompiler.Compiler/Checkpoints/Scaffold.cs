using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>What a checkpoint folder asks for: a spec, or the keys that have no counterpart yet.</summary>
/// <param name="Format">Recognised format; null: none.</param>
public sealed record ScaffoldResult(ModelSpec? Spec, CheckpointFormat? Format, IReadOnlyList<string> Unsupported)
{
    /// <summary>Where arguments come from: keys of the configuration by <c>Attribute.Argument</c>.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();

    /// <summary>What the folder says that is no part of the model.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

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
            return new ScaffoldResult(null, null, [$"model_type = {ConfigFile.Json(kind)} (supported: bert, roberta, distilbert, gpt2, opt, llama, vit, deit, dinov2, clip, clip_text_model, clip_vision_model, chinese_clip, siglip, vision-text-dual-encoder, bart, marian, vision-encoder-decoder, blip-2, blip_2_qformer, blip2_stage1, torch.nn.Transformer, timm's VisionTransformer, OpenAI's CLIP, open_clip, nanoGPT, our own)"]);
        }

        var model = new ScaffoldedModel(config);
        family.Read(config, tensors, model);
        model.Finish();
        if (family.Format != CheckpointFormat.Native)
        {
            model.Add("Checkpoint");
            model.Set("Checkpoint", "format", family.Format, null);
        }

        config.FailUnread(family.Neutral);
        var spec = config.Unsupported.Count > 0 ? null : new ModelSpec(type, model.Attributes(type));
        return new ScaffoldResult(spec, family.Format, config.Unsupported) { Keys = model.Keys };
    }
}
