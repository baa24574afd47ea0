using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>A tower of <see cref="HuggingFaceSeq2Seq"/>: its keys lie beside those of the other.</summary>
internal sealed class HuggingFaceSeq2SeqTower(HuggingFaceSeq2Seq whole, string side) : CheckpointFamily
{
    private readonly bool _isEncoder = side == "encoder";

    public override CheckpointFormat Format => whole.Format;

    // What both towers have is written once.
    public override IReadOnlyList<ConfigRow> Rows =>
    [
        ConfigRow.Size($"{side}_layers", "Depth", 12),
        ConfigRow.Size($"{side}_attention_heads", "Heads", 16),
        ConfigRow.FeedForward($"{side}_ffn_dim", 4096),
        .. Common.Concat(whole.Shared).Select(r => _isEncoder ? r : r with { IsWritten = static _ => false }),
    ];

    public override IReadOnlyList<string> Neutral => [];

    private static IEnumerable<ConfigRow> Common =>
    [
        ConfigRow.Size("d_model", "Width", 1024),
        ConfigRow.Size("max_position_embeddings", "Context", 1024),
        ConfigRow.ActivationName("activation_function", "gelu"),
        ConfigRow.Flag("scale_embedding", false, static m => ((TextTransformerAttribute)m.Architecture).ScaleEmbeddings, static (v, s) => s.Set("ScaleEmbeddings", v)),
        ConfigRow.Dropout("dropout", 0.1, "EmbeddingDropout", "ResidualDropout"),
        ConfigRow.Dropout("attention_dropout", 0, "AttentionDropout"),
        ConfigRow.Real("init_std", "InitialDeviation", 0.02) with { IsCompared = false },
    ];

    public override bool Recognises(ConfigFile config) => false;

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add(_isEncoder ? "TransformerEncoder" : "TransformerDecoder");
        s.Set("NormPlacement", NormPlacement.Post);
        whole.Scaffold(s);
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<TextTransformerAttribute>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o,
        [
            .. OptionNames.Text, nameof(o.NormPlacement), nameof(o.EmbeddingNorm), nameof(o.Positions), nameof(o.PositionOffset), nameof(o.CountPadding), nameof(o.ScaleEmbeddings),
        ]);
        Require(p, o, nameof(o.NormPlacement), o.NormPlacement, NormPlacement.Post);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.Off);
        Require(p, o, nameof(o.LearnPadding), o.LearnPadding, _isEncoder ? [Toggle.Auto, Toggle.Off] : [Toggle.Off]);
        RequireBiases(p, o, Biases.All);
        whole.Validate(o, (option, value, legal) => Require(p, o, option, value, legal));
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model) =>
    [
        new("embed_positions.weight", "embeddings.position.weight"),
        .. TensorRule.Both("layernorm_embedding", "embeddings.norm"),
        .. Layer("self_attn.q_proj", "attention.query"),
        .. Layer("self_attn.k_proj", "attention.key"),
        .. Layer("self_attn.v_proj", "attention.value"),
        .. Layer("self_attn.out_proj", "attention.output"),
        .. Layer("self_attn_layer_norm", "attention_norm"),
        .. Layer("encoder_attn.q_proj", "cross_attention.query"),
        .. Layer("encoder_attn.k_proj", "cross_attention.key"),
        .. Layer("encoder_attn.v_proj", "cross_attention.value"),
        .. Layer("encoder_attn.out_proj", "cross_attention.output"),
        .. Layer("encoder_attn_layer_norm", "cross_attention_norm"),
        .. Layer("fc1", "feed_forward.up"),
        .. Layer("fc2", "feed_forward.down"),
        .. Layer("final_layer_norm", "feed_forward_norm"),
    ];

    private static IEnumerable<TensorRule> Layer(string theirs, string ours) => TensorRule.Both($"layers.{{n}}.{theirs}", $"blocks.{{n}}.{ours}");
}
