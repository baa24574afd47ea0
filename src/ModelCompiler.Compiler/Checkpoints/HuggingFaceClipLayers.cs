namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>What the towers of CLIP and SigLIP share in Hugging Face's files: sizes, and blocks.</summary>
internal static class HuggingFaceClipLayers
{
    public static IReadOnlyList<ConfigRow> Rows(long width, long heads, long feedForward, string activation, double epsilon) =>
    [
        ConfigRow.Size("hidden_size", "Width", width),
        ConfigRow.Size("num_hidden_layers", "Depth", 12),
        ConfigRow.Size("num_attention_heads", "Heads", heads),
        ConfigRow.FeedForward("intermediate_size", feedForward),
        ConfigRow.ActivationName("hidden_act", activation),
        ConfigRow.Real("layer_norm_eps", "NormEpsilon", epsilon),
        ConfigRow.Dropout("attention_dropout", 0, "AttentionDropout"),
    ];

    /// <param name="theirs">What names begin with in the file.</param>
    public static IEnumerable<TensorRule> Blocks(string theirs) =>
    [
        .. TensorRule.Both(theirs + "encoder.layers.{n}.layer_norm1", "blocks.{n}.attention_norm"),
        .. TensorRule.Both(theirs + "encoder.layers.{n}.self_attn.q_proj", "blocks.{n}.attention.query"),
        .. TensorRule.Both(theirs + "encoder.layers.{n}.self_attn.k_proj", "blocks.{n}.attention.key"),
        .. TensorRule.Both(theirs + "encoder.layers.{n}.self_attn.v_proj", "blocks.{n}.attention.value"),
        .. TensorRule.Both(theirs + "encoder.layers.{n}.self_attn.out_proj", "blocks.{n}.attention.output"),
        .. TensorRule.Both(theirs + "encoder.layers.{n}.layer_norm2", "blocks.{n}.feed_forward_norm"),
        .. TensorRule.Both(theirs + "encoder.layers.{n}.mlp.fc1", "blocks.{n}.feed_forward.up"),
        .. TensorRule.Both(theirs + "encoder.layers.{n}.mlp.fc2", "blocks.{n}.feed_forward.down"),
    ];
}
