using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>The tower of pictures within BLIP-2: a pre-norm ViT, query, key and value in one, a norm behind the last block.</summary>
internal sealed class HuggingFaceBlip2Vision(CheckpointFormat format = CheckpointFormat.HuggingFaceBlip2) : CheckpointFamily
{
    private const string ImageKey = "image_size";

    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        ConfigRow.Fixed("model_type", "blip_2_vision_model"),
        ConfigRow.Size("hidden_size", "Width", 1408),
        ConfigRow.Size("num_hidden_layers", "Depth", 39),
        ConfigRow.Size("num_attention_heads", "Heads", 16),
        ConfigRow.FeedForward("intermediate_size", 6144),
        ConfigRow.ActivationName("hidden_act", "gelu"),
        ConfigRow.Real("layer_norm_eps", "NormEpsilon", 1e-6),
        ConfigRow.Dropout("attention_dropout", 0, "AttentionDropout"),
        PictureSize.Row(ImageKey, 224),
        PictureSize.PatchRow("patch_size", 14),
        ConfigRow.Fixed("qkv_bias", true),
        ConfigRow.Fixed("is_encoder_decoder", [false]),
    ];

    public override CheckpointFormat Format => format;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    public override IReadOnlyList<string> Neutral => [.. HuggingFaceConfig.NeutralOfPictures, .. Unread];

    /// <summary>Keys that the reference's own class does not read.</summary>
    public static IReadOnlyList<string> Unread { get; } = ["dropout", "num_channels", "projection_dim"];

    public override bool Recognises(ConfigFile config) => false;

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("VisionTransformer");
        s.Set("Pooling", Pooling.None);
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<VisionTransformerAttribute>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Vision]);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.On);
        Require(p, o, nameof(o.Channels), o.Channels, 3);
        RequireBiases(p, o, Biases.All);
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model)
    {
        var o = (VisionTransformerAttribute)model.Architecture;
        var size = VisionSize.Of(o);
        return
        [
            new("embeddings.class_embedding", "embeddings.class_token") { Stored = static s => [1, .. s] },
            new("embeddings.position_embedding", "embeddings.position.weight") { Stored = static s => [1, .. s], Grid = PictureSize.Grid(ImageKey, o, antialias: false) },
            new("embeddings.patch_embedding.weight", "embeddings.patch.weight") { Stored = s => [s[0], o.Channels, size.PatchHeight, size.PatchWidth] },
            new("embeddings.patch_embedding.bias", "embeddings.patch.bias"),
            .. TensorRule.Both("encoder.layers.{n}.layer_norm1", "blocks.{n}.attention_norm"),
            .. new[] { "weight", "bias" }.Select(static what => new TensorRule($"encoder.layers.{{n}}.self_attn.qkv.{what}", TensorRule.QueryKeyValue("blocks.{n}.attention", what))),
            .. TensorRule.Both("encoder.layers.{n}.self_attn.projection", "blocks.{n}.attention.output"),
            .. TensorRule.Both("encoder.layers.{n}.layer_norm2", "blocks.{n}.feed_forward_norm"),
            .. TensorRule.Both("encoder.layers.{n}.mlp.fc1", "blocks.{n}.feed_forward.up"),
            .. TensorRule.Both("encoder.layers.{n}.mlp.fc2", "blocks.{n}.feed_forward.down"),
            .. TensorRule.Both("post_layernorm", "final_norm"),
        ];
    }
}
