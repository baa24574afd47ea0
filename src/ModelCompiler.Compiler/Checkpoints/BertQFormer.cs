namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>What LAVIS and Hugging Face call alike in BLIP-2's Q-Former: a BERT with cross-attention, and a feed-forward for queries and one for texts.</summary>
internal static class BertQFormer
{
    /// <summary>Of the queries' side.</summary>
    public static IReadOnlyList<ConfigRow> Rows { get; } =
    [
        ConfigRow.Size("hidden_size", "Width", 768),
        ConfigRow.Size("num_hidden_layers", "Depth", 12),
        ConfigRow.Size("num_attention_heads", "Heads", 12),
        ConfigRow.FeedForward("intermediate_size", 3072),
        ConfigRow.ActivationName("hidden_act", "gelu"),
        ConfigRow.Real("layer_norm_eps", "NormEpsilon", 1e-12),
        ConfigRow.Dropout("hidden_dropout_prob", 0.1, "EmbeddingDropout", "ResidualDropout"),
        ConfigRow.Dropout("attention_probs_dropout_prob", 0.1, "AttentionDropout"),
    ];

    /// <summary>The queries' side.</summary>
    /// <param name="norm">What the norm over queries is called.</param>
    /// <param name="inner">What query, key and value lie in, within attention.</param>
    public static IEnumerable<TensorRule> Tensors(string norm, string inner)
    {
        return
        [
            .. TensorRule.Both(norm, "embeddings.norm"),
            .. Attention("attention", "attention"),
            .. Attention("crossattention", "cross_attention"),
            .. Layer("intermediate_query.dense", "feed_forward.up"),
            .. Layer("output_query.dense", "feed_forward.down"),
            .. Layer("output_query.LayerNorm", "feed_forward_norm"),
        ];

        IEnumerable<TensorRule> Attention(string theirs, string ours) =>
        [
            .. new[] { "query", "key", "value" }.SelectMany(p => Layer($"{theirs}.{inner}.{p}", $"{ours}.{p}")),
            .. Layer($"{theirs}.output.dense", $"{ours}.output"),
            .. Layer($"{theirs}.output.LayerNorm", $"{ours}_norm"),
        ];
    }

    /// <summary>What it has for texts alone.</summary>
    /// <param name="tables">What the names of the tables begin with.</param>
    /// <param name="layers">What those of the layers begin with.</param>
    public static IEnumerable<TensorRule> TextTensors(string tables, string layers) =>
    [
        new(tables + "embeddings.word_embeddings.weight", "embeddings.token.weight"),
        new(tables + "embeddings.position_embeddings.weight", "embeddings.position.weight"),
        .. Layer("intermediate.dense", "feed_forward.up", layers),
        .. Layer("output.dense", "feed_forward.down", layers),
        .. Layer("output.LayerNorm", "feed_forward_norm", layers),
    ];

    private static IEnumerable<TensorRule> Layer(string theirs, string ours, string before = "") => TensorRule.Both($"{before}encoder.layer.{{n}}.{theirs}", $"blocks.{{n}}.{ours}");
}
