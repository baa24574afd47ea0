using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>CLIP as Hugging Face transformers stores it (CLIPModel): both towers with a configuration of their own, projections without biases, a learned scale.</summary>
internal sealed class HuggingFaceClip : HuggingFaceTowers
{
    // transformers took 2 for every end token once: such files mean the greatest id of a row.
    private const long HighestId = 2;
    private const double Scale = 2.6592;

    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        ConfigRow.Fixed("model_type", "clip"),
        ConfigRow.Written("architectures", static _ => new object?[] { "CLIPModel" }),
        ConfigRow.Size("projection_dim", "Embedding", 512),
        ConfigRow.Real("logit_scale_init_value", static m => m.Architecture is CompositionAttribute { Temperature: 0.07 } ? Scale : -Math.Log(((CompositionAttribute)m.Architecture).Temperature),
            static (v, s) => s.Set("Temperature", v == Scale ? 0.07 : Math.Exp(-v))) with { Default = Scale, IsCompared = false },
        .. ((ConfigRow[])
        [
            ConfigRow.Written("vision_config.model_type", static _ => "clip_vision_model"),
            .. Tower("vision_config.", width: 768, heads: 12, feedForward: 3072, "quick_gelu", 1e-5),
            PictureSize.Row("vision_config.image_size", 224),
            PictureSize.PatchRow("vision_config.patch_size", 32),
            ConfigRow.Size("vision_config.num_channels", "Channels", 3),
        ]).Select(static r => r.Of("image")),
        .. ((ConfigRow[])
        [
            ConfigRow.Written("text_config.model_type", static _ => "clip_text_model"),
            .. Tower("text_config.", width: 512, heads: 8, feedForward: 2048, "quick_gelu", 1e-5),
            ConfigRow.Size("text_config.vocab_size", "Vocabulary", 49408),
            ConfigRow.Size("text_config.max_position_embeddings", "Context", 77),
            ConfigRow.Size("text_config.eos_token_id", static m => m.Architecture is TextTransformerAttribute { Pooling: Pooling.End } o ? (long)o.EndToken : HighestId, static (v, s) =>
            {
                s.Set("Pooling", v == HighestId ? Pooling.HighestId : Pooling.End);
                s.Set("EndToken", v == HighestId ? -1L : v);
            }) with { Default = 49407L },
        ]).Select(static r => r.Of("text")),
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceClip;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    // A tower's own projection_dim is that of the tower alone.
    public override IReadOnlyList<string> Neutral => [.. HuggingFaceConfig.Neutral, "projection_dim", "pad_token_id"];

    protected override string[] Ignored => ["*.position_ids"];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == "clip";

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("Clip");
        var image = s.AddSide("image", "VisionTransformer");
        image.Set("EmbeddingNorm", true);
        image.Set("PoolNorm", true);
        image.Set("FinalNorm", Toggle.Off);
        image.Set("Biases", Biases.All & ~Biases.Patch);
        s.AddSide("text", "TransformerDecoder");
        s.Add("Contrastive");
        if (HuggingFaceConfig.Class(config) is not ("" or "CLIPModel") and var name)
        {
            s.Fail<object>("architectures", name, "CLIPModel");
        }

        FailUnknown(config);
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (HoldsClip(model, p) is not { } o)
        {
            return;
        }

        Require(p, o, nameof(o.Projection), o.Projection, Projection.Linear);
        Require(p, o, nameof(o.Scale), o.Scale, SimilarityScale.Learned);
        var sides = Side.Of(model);
        Within(p, o, sides[0], "TImage", x => Image(x, (VisionTransformerAttribute)sides[0].Options!));
        Within(p, o, sides[1], "TText", x => Text(x, (TextTransformerAttribute)sides[1].Options!, model));
    }

    protected override IEnumerable<TensorRule> Tensors(BoundModel model)
    {
        var o = (VisionTransformerAttribute)Side.Of(model)[0].Options!;
        return
        [
            new("logit_scale", JointSpace.LogitScale) { Stored = static _ => [] },
            new("visual_projection.weight", "image_projection.weight"),
            new("text_projection.weight", "text_projection.weight"),
            new("text_model.embeddings.token_embedding.weight", "text.embeddings.token.weight"),
            new("text_model.embeddings.position_embedding.weight", "text.embeddings.position.weight"),
            .. Blocks("text_model.", "text."),
            .. Both("text_model.final_layer_norm", "text.final_norm"),
            new("vision_model.embeddings.class_embedding", "image.embeddings.class_token") { Stored = static s => [s[1]] },
            new("vision_model.embeddings.patch_embedding.weight", "image.embeddings.patch.weight") { Stored = s => [s[0], o.Channels, VisionSize.Of(o).PatchHeight, VisionSize.Of(o).PatchWidth] },
            new("vision_model.embeddings.position_embedding.weight", "image.embeddings.position.weight"),
            .. Both("vision_model.pre_layrnorm", "image.embeddings.norm"),
            .. Blocks("vision_model.", "image."),
            .. Both("vision_model.post_layernorm", "image.pool_norm"),
        ];
    }

    private void Image(ProblemList p, VisionTransformerAttribute o)
    {
        RequireDefaults(p, o, [.. OptionNames.Vision, nameof(o.EmbeddingNorm), nameof(o.PoolNorm)]);
        Require(p, o, nameof(o.EmbeddingNorm), o.EmbeddingNorm, true);
        Require(p, o, nameof(o.PoolNorm), o.PoolNorm, true);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Off);
        Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.Cls);
        Require(p, o, nameof(o.PositionRows), o.PositionRows, 0);
        Require(p, o, nameof(o.PositionColumns), o.PositionColumns, 0);
        RequireBiases(p, o, Biases.All & ~Biases.Patch);
    }

    private void Text(ProblemList p, TextTransformerAttribute o, BoundModel model)
    {
        if (o is not TransformerDecoderAttribute)
        {
            p.Add(Rules.FormatCannotExpress, model.Get<CheckpointAttribute>()!, "format", $"{Format} checkpoints hold a TransformerDecoder: change the architecture or use CheckpointFormat.Native");
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Text, nameof(o.EndToken)]);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.On);
        Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.End, Pooling.HighestId);
        if (o.EndToken == HighestId)
        {
            p.Add(Rules.FormatCannotExpress, o, nameof(o.EndToken), $"EndToken is {HighestId}, which {Format} checkpoints take for the greatest id of a row: change it, or store the model as CheckpointFormat.Native");
        }

        Require(p, o, nameof(o.LearnPadding), o.LearnPadding, Toggle.Auto, Toggle.On);
        RequireBiases(p, o, Biases.All);
    }
}
