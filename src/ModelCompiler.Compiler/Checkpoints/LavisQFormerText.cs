using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>What LAVIS's Q-Former has for texts alone: embeddings, a feed-forward, BERT's head of tokens.</summary>
internal sealed class LavisQFormerText() : BertQFormerText(vocabulary: 30523)
{
    public override CheckpointFormat Format => CheckpointFormat.LavisBlip2;

    // What the queries' side reads.
    public override IReadOnlyList<string> Neutral { get; } = [.. BertQFormer.Rows.Select(static r => r.Key)];

    /// <summary>Sets what a text shares with the queries.</summary>
    /// <param name="config">That of both.</param>
    public static void Shared(ConfigFile config, ScaffoldedModel text)
    {
        text.Set("Width", config.Integer("hidden_size") ?? 768, "hidden_size");
        text.Set("Depth", config.Integer("num_hidden_layers") ?? 12, "num_hidden_layers");
        text.Set("Heads", config.Integer("num_attention_heads") ?? 12, "num_attention_heads");
        text.Set("FeedForward", config.Integer("intermediate_size") ?? 3072, "intermediate_size");
        text.Set("Activation", ActivationNames.Read(config.Text("hidden_act") ?? "gelu") ?? Activation.Gelu, "hidden_act");
        text.Set("NormEpsilon", config.Real("layer_norm_eps") ?? 1e-12, "layer_norm_eps");
        text.Set("ResidualDropout", config.Real("hidden_dropout_prob") ?? 0.1, "hidden_dropout_prob");
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model) =>
    [
        .. BertQFormer.TextTensors("bert.", "bert."),
        .. TensorRule.Both("cls.predictions.transform.dense", "head.transform"),
        .. TensorRule.Both("cls.predictions.transform.LayerNorm", "head.norm"),
        new("cls.predictions.bias", "head.bias"),
    ];
}
