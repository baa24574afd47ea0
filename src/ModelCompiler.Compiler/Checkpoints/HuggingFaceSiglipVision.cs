using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;
using static ModelCompiler.Compiler.Checkpoints.HuggingFaceClipLayers;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>SigLIP's tower of pictures: no class token, pooled by attention.</summary>
internal sealed class HuggingFaceSiglipVision : CheckpointFamily
{
    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        ConfigRow.Written("model_type", static _ => "siglip_vision_model"),
        .. HuggingFaceClipLayers.Rows(width: 768, heads: 12, feedForward: 3072, "gelu_pytorch_tanh", 1e-6),
        PictureSize.Row("image_size", 224),
        PictureSize.PatchRow("patch_size", 16),
        ConfigRow.Size("num_channels", "Channels", 3),
        ConfigRow.Fixed("vision_use_head", true),
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceSiglip;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    public override IReadOnlyList<string> Neutral => HuggingFaceConfig.NeutralOfPictures;

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == "siglip_vision_model";

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("VisionTransformer");
        s.Set("ClassToken", false);
        s.Set("Pooling", Pooling.Attention);
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<VisionTransformerAttribute>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Vision, nameof(o.ClassToken)]);
        Require(p, o, nameof(o.ClassToken), o.ClassToken, false);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.On);
        Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.Attention);
        Require(p, o, nameof(o.PositionRows), o.PositionRows, 0);
        Require(p, o, nameof(o.PositionColumns), o.PositionColumns, 0);
        RequireBiases(p, o, Biases.All);
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model)
    {
        var o = (VisionTransformerAttribute)model.Architecture;
        return
        [
            new("vision_model.embeddings.patch_embedding.weight", "embeddings.patch.weight") { Stored = s => [s[0], o.Channels, VisionSize.Of(o).PatchHeight, VisionSize.Of(o).PatchWidth] },
            new("vision_model.embeddings.patch_embedding.bias", "embeddings.patch.bias"),
            new("vision_model.embeddings.position_embedding.weight", "embeddings.position.weight"),
            .. Blocks("vision_model."),
            .. TensorRule.Both("vision_model.post_layernorm", "final_norm"),
            new("vision_model.head.probe", "pool.attention.probe") { Stored = static s => [1, 1, s[1]] },
            new("vision_model.head.attention.in_proj_weight", TensorRule.QueryKeyValue("pool.attention", "weight")),
            new("vision_model.head.attention.in_proj_bias", TensorRule.QueryKeyValue("pool.attention", "bias")),
            .. TensorRule.Both("vision_model.head.attention.out_proj", "pool.attention.output"),
            .. TensorRule.Both("vision_model.head.layernorm", "pool.norm"),
            .. TensorRule.Both("vision_model.head.mlp.fc1", "pool.feed_forward.up"),
            .. TensorRule.Both("vision_model.head.mlp.fc2", "pool.feed_forward.down"),
        ];
    }
}
