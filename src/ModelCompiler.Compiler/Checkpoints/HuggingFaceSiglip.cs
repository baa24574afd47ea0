using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>SigLIP as Hugging Face transformers stores it (SiglipModel): pictures pooled by attention, text at its last position with a head, a learned scale and bias.</summary>
internal sealed class HuggingFaceSiglip : HuggingFaceTowers
{
    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        ConfigRow.Fixed("model_type", "siglip"),
        ConfigRow.Written("architectures", static _ => new object?[] { "SiglipModel" }),
        .. ((ConfigRow[])
        [
            ConfigRow.Written("vision_config.model_type", static _ => "siglip_vision_model"),
            .. Tower("vision_config.", width: 768, heads: 12, feedForward: 3072, "gelu_pytorch_tanh", 1e-6),
            PictureSize.Row("vision_config.image_size", 224),
            PictureSize.PatchRow("vision_config.patch_size", 16),
            ConfigRow.Size("vision_config.num_channels", "Channels", 3),
            ConfigRow.Fixed("vision_config.vision_use_head", true),
        ]).Select(static r => r.Of("image")),
        .. ((ConfigRow[])
        [
            ConfigRow.Written("text_config.model_type", static _ => "siglip_text_model"),
            .. Tower("text_config.", width: 768, heads: 12, feedForward: 3072, "gelu_pytorch_tanh", 1e-6),
            ConfigRow.Size("text_config.vocab_size", "Vocabulary", 32000),
            ConfigRow.Size("text_config.max_position_embeddings", "Context", 64),
            ConfigRow.SizeOrNull("text_config.projection_size", static m => (long)HeadWidth((TransformerAttribute)m.Architecture), static (v, s) => s.Set("PoolerWidth", v ?? 0L))
                with { IsImplied = static m => m.Architecture is TransformerAttribute o && HeadWidth(o) == o.Width },
        ]).Select(static r => r.Of("text")),
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceSiglip;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    // Padding is a token like any other.
    public override IReadOnlyList<string> Neutral => [.. HuggingFaceConfig.Neutral, "pad_token_id"];

    protected override string[] Ignored => ["*.position_ids"];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == "siglip";

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("Clip");
        s.Set("Projection", Projection.None);
        s.Set("Temperature", 0.1);
        s.Set("ScaleLimit", 0.0);
        s.Set("Bias", true);
        var image = s.AddSide("image", "VisionTransformer");
        image.Set("ClassToken", false);
        image.Set("Pooling", Pooling.Attention);
        var text = s.AddSide("text", "TransformerEncoder");
        text.Set("AttendPadding", true);
        text.Set("Pooling", Pooling.Last);
        text.Set("Pooler", Pooler.Linear);
        s.Add("PairwiseSigmoid");
        if (HuggingFaceConfig.Class(config) is not ("" or "SiglipModel") and var name)
        {
            s.Fail<object>("architectures", name, "SiglipModel");
        }

        FailUnknown(config);
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (HoldsClip(model, p) is not { } o)
        {
            return;
        }

        Require(p, o, nameof(o.Projection), o.Projection, Projection.None);
        Require(p, o, nameof(o.Scale), o.Scale, SimilarityScale.Learned);
        Require(p, o, nameof(o.Bias), o.Bias, true);
        var sides = Side.Of(model);
        Within(p, o, sides[0], "TImage", x => Image(x, (VisionTransformerAttribute)sides[0].Options!));
        Within(p, o, sides[1], "TText", x => Text(x, (TextTransformerAttribute)sides[1].Options!, model));
    }

    protected override IEnumerable<TensorRule> Tensors(BoundModel model)
    {
        var o = (VisionTransformerAttribute)Side.Of(model)[0].Options!;
        return
        [
            new("logit_scale", JointSpace.LogitScale),
            new("logit_bias", JointSpace.LogitBias),
            new("text_model.embeddings.token_embedding.weight", "text.embeddings.token.weight"),
            new("text_model.embeddings.position_embedding.weight", "text.embeddings.position.weight"),
            .. Blocks("text_model.", "text."),
            .. Both("text_model.final_layer_norm", "text.final_norm"),
            .. Both("text_model.head", "text.pool_projection"),
            new("vision_model.embeddings.patch_embedding.weight", "image.embeddings.patch.weight") { Stored = s => [s[0], o.Channels, VisionSize.Of(o).PatchHeight, VisionSize.Of(o).PatchWidth] },
            new("vision_model.embeddings.patch_embedding.bias", "image.embeddings.patch.bias"),
            new("vision_model.embeddings.position_embedding.weight", "image.embeddings.position.weight"),
            .. Blocks("vision_model.", "image."),
            .. Both("vision_model.post_layernorm", "image.final_norm"),
            new("vision_model.head.probe", "image.pool.attention.probe") { Stored = static s => [1, 1, s[1]] },
            new("vision_model.head.attention.in_proj_weight", Projections("weight")),
            new("vision_model.head.attention.in_proj_bias", Projections("bias")),
            .. Both("vision_model.head.attention.out_proj", "image.pool.attention.output"),
            .. Both("vision_model.head.layernorm", "image.pool.norm"),
            .. Both("vision_model.head.mlp.fc1", "image.pool.feed_forward.up"),
            .. Both("vision_model.head.mlp.fc2", "image.pool.feed_forward.down"),
        ];

        static string[] Projections(string what) => [.. new[] { "query", "key", "value" }.Select(p => $"image.pool.attention.{p}.{what}")];
    }

    private void Image(ProblemList p, VisionTransformerAttribute o)
    {
        RequireDefaults(p, o, [.. OptionNames.Vision, nameof(o.ClassToken)]);
        Require(p, o, nameof(o.ClassToken), o.ClassToken, false);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.On);
        Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.Attention);
        Require(p, o, nameof(o.PositionRows), o.PositionRows, 0);
        Require(p, o, nameof(o.PositionColumns), o.PositionColumns, 0);
        RequireBiases(p, o, Biases.All);
    }

    private void Text(ProblemList p, TextTransformerAttribute o, BoundModel model)
    {
        if (o is not TransformerEncoderAttribute)
        {
            p.Add(Rules.FormatCannotExpress, model.Get<CheckpointAttribute>()!, "format", $"{Format} checkpoints hold a TransformerEncoder: change the architecture or use CheckpointFormat.Native");
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Text, nameof(o.AttendPadding), nameof(o.Pooler), nameof(o.PoolerWidth)]);
        Require(p, o, nameof(o.AttendPadding), o.AttendPadding, true);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.On);
        Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.Last);
        Require(p, o, nameof(o.Pooler), o.Pooler, Pooler.Linear);
        RequireBiases(p, o, Biases.All);
    }

    private static int HeadWidth(TransformerAttribute o) => o.PoolerWidth == 0 ? o.Width : o.PoolerWidth;
}
