using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>What LAVIS's Q-Former has for texts alone: embeddings, a feed-forward, BERT's head of tokens.</summary>
internal sealed class LavisQFormerText : CheckpointFamily
{
    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        ConfigRow.Size("vocab_size", "Vocabulary", 30523),
        ConfigRow.Size("max_position_embeddings", "Context", 512),
        ConfigRow.Padding() with { Default = 0L },
    ];

    public override CheckpointFormat Format => CheckpointFormat.LavisBlip2;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    public override IReadOnlyList<string> Neutral => LavisQFormer.Keys;

    /// <summary>Keys of its own.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. s_rows.Select(static r => r.Key)];

    public override bool Recognises(ConfigFile config) => false;

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("TransformerEncoder");
        s.Set("NormPlacement", NormPlacement.Post);
        s.Set("EmbeddingNorm", true);
    }

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

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<TransformerEncoderAttribute>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Text, nameof(o.NormPlacement), nameof(o.EmbeddingNorm)]);
        Require(p, o, nameof(o.EmbeddingNorm), o.EmbeddingNorm, true);
        Require(p, o, nameof(o.LearnPadding), o.LearnPadding, Toggle.Auto, Toggle.Off);
        RequireBiases(p, o, Biases.All);
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model) =>
    [
        new("bert.embeddings.word_embeddings.weight", "embeddings.token.weight"),
        new("bert.embeddings.position_embeddings.weight", "embeddings.position.weight"),
        .. TensorRule.Both("bert.encoder.layer.{n}.intermediate.dense", "blocks.{n}.feed_forward.up"),
        .. TensorRule.Both("bert.encoder.layer.{n}.output.dense", "blocks.{n}.feed_forward.down"),
        .. TensorRule.Both("bert.encoder.layer.{n}.output.LayerNorm", "blocks.{n}.feed_forward_norm"),
        .. TensorRule.Both("cls.predictions.transform.dense", "head.transform"),
        .. TensorRule.Both("cls.predictions.transform.LayerNorm", "head.norm"),
        new("cls.predictions.bias", "head.bias"),
    ];
}
