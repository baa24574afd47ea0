using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;
using static ModelCompiler.Compiler.Checkpoints.HuggingFaceClipLayers;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>CLIP's tower of pictures, alone (CLIPVisionModel, CLIPVisionModelWithProjection) or within a model of two.</summary>
internal class HuggingFaceClipVision(CheckpointFormat format = CheckpointFormat.HuggingFaceClipVision, string modelType = "clip_vision_model", string name = "CLIPVisionModel")
    : HuggingFaceClipTower(modelType, name)
{
    public override CheckpointFormat Format => format;

    protected override IReadOnlyList<ConfigRow> OwnRows { get; } =
    [
        .. HuggingFaceClipLayers.Rows(width: 768, heads: 12, feedForward: 3072, "quick_gelu", 1e-5),
        PictureSize.Row("image_size", 224),
        PictureSize.PatchRow("patch_size", 32),
        ConfigRow.Size("num_channels", "Channels", 3),
    ];

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<VisionTransformerAttribute>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Vision, nameof(o.EmbeddingNorm), nameof(o.PoolNorm), .. Expressed]);
        Require(p, o, nameof(o.EmbeddingNorm), o.EmbeddingNorm, true);
        Require(p, o, nameof(o.PoolNorm), o.PoolNorm, true);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Off);
        Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.Cls);
        Require(p, o, nameof(o.PositionRows), o.PositionRows, 0);
        Require(p, o, nameof(o.PositionColumns), o.PositionColumns, 0);
        RequireBiases(p, o, Biases.All & ~Biases.Patch);
        Projection(p, o);
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model)
    {
        var o = (VisionTransformerAttribute)model.Architecture;
        return
        [
            new("vision_model.embeddings.class_embedding", "embeddings.class_token") { Stored = static s => [s[1]] },
            new("vision_model.embeddings.patch_embedding.weight", "embeddings.patch.weight") { Stored = s => [s[0], o.Channels, VisionSize.Of(o).PatchHeight, VisionSize.Of(o).PatchWidth] },
            new("vision_model.embeddings.position_embedding.weight", "embeddings.position.weight"),
            .. TensorRule.Both("vision_model.pre_layrnorm", "embeddings.norm"),
            .. Blocks("vision_model."),
            .. TensorRule.Both("vision_model.post_layernorm", "pool_norm"),
            new("visual_projection.weight", "pool_projection.weight"),
        ];
    }

    protected override void ScaffoldTower(ScaffoldedModel s)
    {
        s.Add("VisionTransformer");
        s.Set("EmbeddingNorm", true);
        s.Set("PoolNorm", true);
        s.Set("FinalNorm", Toggle.Off);
        s.Set("Biases", Biases.All & ~Biases.Patch);
    }
}
