using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>What Hugging Face's models of a tower of pictures and one of text share: CLIP's blocks and a configuration for each tower.</summary>
internal abstract class HuggingFaceTowers : CheckpointFamily
{
    /// <summary>Names keys of the towers' configurations that no row reads.</summary>
    protected void FailUnknown(ConfigFile config)
    {
        foreach (var tower in new[] { "text_config", "vision_config" })
        {
            foreach (var key in (config.Keys(tower) ?? []).Where(k => !Neutral.Contains(k) && Rows.All(r => r.Key != $"{tower}.{k}")))
            {
                config.Fail($"{tower}.{key} = {ConfigFile.Json(config.Get($"{tower}.{key}"))} (no counterpart)");
            }
        }
    }

    /// <summary>Adds a problem where the model is no Clip.</summary>
    protected CompositionAttribute? HoldsClip(BoundModel model, ProblemList p)
    {
        if (model.Architecture is CompositionAttribute o && AttributeBinder.NameOf(o.GetType()) == "Clip")
        {
            return o;
        }

        p.Add(Rules.FormatCannotExpress, model.Get<CheckpointAttribute>()!, "format", $"{Format} checkpoints hold a Clip: change the architecture or use CheckpointFormat.Native");
        return null;
    }

    /// <summary>What is wrong with a tower is said where the tower is named.</summary>
    protected static void Within(ProblemList p, CompositionAttribute o, Side side, string parameter, Action<ProblemList> rules)
    {
        var inner = new ProblemList(side.Model);
        rules(inner);
        if (inner.Items is [var problem, ..])
        {
            p.Add(problem.Rule, o, parameter, $"of '{side.Model.Spec.Type.Name}', {problem.Message}");
        }
    }

    /// <summary>The rows of a tower that both have.</summary>
    protected static IEnumerable<ConfigRow> Tower(string at, long width, long heads, long feedForward, string activation, double epsilon) =>
    [
        ConfigRow.Size(at + "hidden_size", "Width", width),
        ConfigRow.Size(at + "num_hidden_layers", "Depth", 12),
        ConfigRow.Size(at + "num_attention_heads", "Heads", heads),
        ConfigRow.FeedForward(at + "intermediate_size", feedForward),
        ConfigRow.ActivationName(at + "hidden_act", activation),
        ConfigRow.Real(at + "layer_norm_eps", "NormEpsilon", epsilon),
        ConfigRow.Dropout(at + "attention_dropout", 0, "AttentionDropout"),
    ];

    protected static IEnumerable<TensorRule> Blocks(string theirs, string ours) =>
    [
        .. Both(theirs + "encoder.layers.{n}.layer_norm1", ours + "blocks.{n}.attention_norm"),
        .. Both(theirs + "encoder.layers.{n}.self_attn.q_proj", ours + "blocks.{n}.attention.query"),
        .. Both(theirs + "encoder.layers.{n}.self_attn.k_proj", ours + "blocks.{n}.attention.key"),
        .. Both(theirs + "encoder.layers.{n}.self_attn.v_proj", ours + "blocks.{n}.attention.value"),
        .. Both(theirs + "encoder.layers.{n}.self_attn.out_proj", ours + "blocks.{n}.attention.output"),
        .. Both(theirs + "encoder.layers.{n}.layer_norm2", ours + "blocks.{n}.feed_forward_norm"),
        .. Both(theirs + "encoder.layers.{n}.mlp.fc1", ours + "blocks.{n}.feed_forward.up"),
        .. Both(theirs + "encoder.layers.{n}.mlp.fc2", ours + "blocks.{n}.feed_forward.down"),
    ];

    protected static IEnumerable<TensorRule> Both(string theirs, string ours) => [new(theirs + ".weight", ours + ".weight"), new(theirs + ".bias", ours + ".bias")];
}
