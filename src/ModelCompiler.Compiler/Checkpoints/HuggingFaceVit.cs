using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>ViT as Hugging Face transformers stores it (ViTModel, ViTForImageClassification).</summary>
internal sealed class HuggingFaceVit : CheckpointFamily
{
    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        .. HuggingFaceConfig.Rows("vit", static m => m.Get<ClassificationAttribute>() is null ? "ViTModel" : "ViTForImageClassification"),
        ConfigRow.Integer("hidden_size", "Width", 768L),
        ConfigRow.Integer("num_hidden_layers", "Depth", 12L),
        ConfigRow.Integer("num_attention_heads", "Heads", 12L),
        new("intermediate_size", static m => (long)ConfigRow.FeedForward((TransformerAttribute)m.Architecture), static (v, s) => s.Set("FeedForward", v ?? 3072L)) { Default = 3072L },
        ConfigRow.ActivationName("hidden_act", "gelu"),
        ConfigRow.Dropout("hidden_dropout_prob", 0, "EmbeddingDropout", "ResidualDropout"),
        ConfigRow.Dropout("attention_probs_dropout_prob", 0, "AttentionDropout"),
        ConfigRow.Real("layer_norm_eps", "NormEpsilon", 1e-12),
        PictureSize.Row("image_size", 224L),
        ConfigRow.Integer("patch_size", "PatchSize", 16L),
        ConfigRow.Integer("num_channels", "Channels", 3L),
        new("qkv_bias", static m => ((TransformerAttribute)m.Architecture).Biases.HasFlag(Biases.Query), static (v, s) => s.Set("Biases", v is false ? Biases.All & ~Biases.QueryKeyValue : Biases.All)) { Default = true },
        ConfigRow.Fixed("pooler_act", "tanh"),
        new("pooler_output_size", static m => (long)((TransformerAttribute)m.Architecture).Width, static (_, _) => { }) { Default = null, IsCompared = false },
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceVit;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    protected override string[] OptionalPrefixes => ["vit."];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") is "vit";

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("VisionTransformer");
        var name = HuggingFaceConfig.Class(config);
        switch (name)
        {
            case "ViTForImageClassification":
                HuggingFaceConfig.Classification(config, s);
                break;
            case "" or "ViTModel":
                var hasPooler = tensors.Any(static t => t.EndsWith("pooler.dense.weight", StringComparison.Ordinal));
                s.Set("Pooler", hasPooler ? Pooler.Tanh : Pooler.None);
                break;
            default:
                s.Fail<object>("architectures", name, "ViTModel, ViTForImageClassification");
                break;
        }

        if (config.Integer("pooler_output_size") is { } size && size != (config.Integer("hidden_size") ?? 768))
        {
            s.Fail<object>("pooler_output_size", size, "hidden_size");
        }
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (model.Architecture is not VisionTransformerAttribute o)
        {
            p.Add(Rules.FormatCannotExpress, model.Get<CheckpointAttribute>()!, "format", "HuggingFaceVit checkpoints hold a VisionTransformer: change the architecture or use CheckpointFormat.Native");
            return;
        }

        Require(p, o, nameof(o.NormPlacement), o.NormPlacement, NormPlacement.Pre);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.On);
        Require(p, o, nameof(o.EmbeddingNorm), o.EmbeddingNorm, false);
        Require(p, o, nameof(o.Norm), o.Norm, Norm.Layer);
        Require(p, o, nameof(o.Biases), o.Biases, Biases.All, Biases.All & ~Biases.QueryKeyValue);
        Require(p, o, nameof(o.LayerScale), o.LayerScale, 0);
        Require(p, o, nameof(o.Registers), o.Registers, 0);
        Require(p, o, nameof(o.ClassToken), o.ClassToken, true);
        Require(p, o, nameof(o.PrefixPositions), o.PrefixPositions, true);
        Require(p, o, nameof(o.PoolNorm), o.PoolNorm, false);
        Require(p, o, nameof(o.Positions), o.Positions, Positions.Learned);
        if (model.Get<ClassificationAttribute>() is { } c)
        {
            Require(p, c, nameof(c.Bias), c.Bias, true);
            Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.Cls);
            Require(p, o, nameof(o.Pooler), o.Pooler, Pooler.None);
        }
    }

    protected override IEnumerable<TensorRule> Tensors(BoundModel model)
    {
        var o = (VisionTransformerAttribute)model.Architecture;
        var p = model.Get<ClassificationAttribute>() is null ? "" : "vit.";
        return
        [
            new(p + "embeddings.cls_token", "embeddings.class_token") { Stored = static s => [1, .. s] },
            new(p + "embeddings.position_embeddings", "embeddings.position.weight") { Stored = static s => [1, .. s] },
            new(p + "embeddings.patch_embeddings.projection.weight", "embeddings.patch.weight") { Stored = s => [s[0], o.Channels, o.PatchSize, o.PatchSize] },
            new(p + "embeddings.patch_embeddings.projection.bias", "embeddings.patch.bias"),
            .. Both("encoder.layer.{n}.attention.attention.query", "blocks.{n}.attention.query"),
            .. Both("encoder.layer.{n}.attention.attention.key", "blocks.{n}.attention.key"),
            .. Both("encoder.layer.{n}.attention.attention.value", "blocks.{n}.attention.value"),
            .. Both("encoder.layer.{n}.attention.output.dense", "blocks.{n}.attention.output"),
            .. Both("encoder.layer.{n}.layernorm_before", "blocks.{n}.attention_norm"),
            .. Both("encoder.layer.{n}.layernorm_after", "blocks.{n}.feed_forward_norm"),
            .. Both("encoder.layer.{n}.intermediate.dense", "blocks.{n}.feed_forward.up"),
            .. Both("encoder.layer.{n}.output.dense", "blocks.{n}.feed_forward.down"),
            .. Both("layernorm", "final_norm"),
            .. Both("pooler.dense", "pool_projection"),
            new("classifier.weight", "head.weight"),
            new("classifier.bias", "head.bias"),
        ];

        IEnumerable<TensorRule> Both(string theirs, string ours) => [new(p + theirs + ".weight", ours + ".weight"), new(p + theirs + ".bias", ours + ".bias")];
    }
}
