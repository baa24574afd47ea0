using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>ViT as Hugging Face transformers stores it (ViTModel, ViTForImageClassification), and what its relatives share with it.</summary>
internal class HuggingFaceVit : CheckpointFamily
{
    private const string ImageKey = "image_size";

    /// <summary>Rows of sizes, biases and dropouts.</summary>
    protected static readonly IReadOnlyList<ConfigRow> Sizes =
    [
        ConfigRow.Size("hidden_size", "Width", 768),
        ConfigRow.Size("num_hidden_layers", "Depth", 12),
        ConfigRow.Size("num_attention_heads", "Heads", 12),
        ConfigRow.ActivationName("hidden_act", "gelu"),
        ConfigRow.Dropout("hidden_dropout_prob", 0, "EmbeddingDropout", "ResidualDropout"),
        ConfigRow.Dropout("attention_probs_dropout_prob", 0, "AttentionDropout"),
        PictureSize.Row(ImageKey, 224),
        PictureSize.PatchRow("patch_size", 16),
        ConfigRow.Size("num_channels", "Channels", 3),
        ConfigRow.Flag("qkv_bias", true, static m => ((TransformerAttribute)m.Architecture).Biases.HasFlag(Biases.Query), static (v, s) => s.Set("Biases", v ? Biases.All : Biases.All & ~Biases.QueryKeyValue)),
    ];

    /// <summary>Rows of ViT and DeiT: feed-forward width, epsilon, pooler.</summary>
    protected static readonly IReadOnlyList<ConfigRow> Classic =
    [
        ConfigRow.FeedForward("intermediate_size", 3072),
        ConfigRow.Real("layer_norm_eps", "NormEpsilon", 1e-12),
        ConfigRow.Text("pooler_act", static m => ((TransformerAttribute)m.Architecture).Pooler is var p and not Pooler.None ? s_poolers.First(x => x.Pooler == p).Name : "tanh") with { Default = "tanh", IsCompared = false },
        ConfigRow.SizeOrNull("pooler_output_size", static m => (long)(m.Architecture is TransformerAttribute { PoolerWidth: > 0 } o ? o.PoolerWidth : ((TransformerAttribute)m.Architecture).Width)) with { IsCompared = false },
    ];

    private static readonly (string Name, Pooler Pooler)[] s_poolers = [("tanh", Pooler.Tanh), ("relu", Pooler.Relu), ("gelu", Pooler.Gelu)];

    private static readonly IReadOnlyList<ConfigRow> s_rows =
        [.. HuggingFaceConfig.Rows("vit", static m => m.Get<ClassificationAttribute>() is null ? "ViTModel" : "ViTForImageClassification"), .. Sizes, .. Classic];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceVit;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    public override IReadOnlyList<string> Neutral => HuggingFaceConfig.NeutralOfPictures;

    /// <summary>The value of <c>model_type</c>; names of whole models begin with it.</summary>
    protected virtual string ModelType => "vit";

    /// <summary>Options that a relative has a place for besides ViT's own.</summary>
    protected virtual string[] Expressed => [nameof(TransformerAttribute.Pooler), nameof(TransformerAttribute.PoolerWidth)];

    protected override string[] OptionalPrefixes => [ModelType + "."];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == ModelType;

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
                ScaffoldPooler(config, tensors, s);
                break;
            default:
                s.Fail<object>("architectures", name, "ViTModel, ViTForImageClassification");
                break;
        }
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<VisionTransformerAttribute>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Vision, .. Expressed]);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.On);
        Options(model, o, p);
        if (model.Get<ClassificationAttribute>() is { } c)
        {
            Require(p, c, nameof(c.Bias), c.Bias, true);
            Classifier(o, c, p);
        }
    }

    /// <summary>Adds what else is wrong with the architecture.</summary>
    protected virtual void Options(BoundModel model, VisionTransformerAttribute o, ProblemList p) =>
        RequireBiases(p, o, Biases.All, Biases.All & ~Biases.QueryKeyValue);

    /// <summary>Adds what is wrong with a classifier.</summary>
    protected virtual void Classifier(VisionTransformerAttribute o, ClassificationAttribute c, ProblemList p)
    {
        Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.Cls);
        Require(p, o, nameof(o.Pooler), o.Pooler, Pooler.None);
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model)
    {
        var o = (VisionTransformerAttribute)model.Architecture;
        var p = Prefix(model);
        return
        [
            .. Embeddings(p, o),
            .. Attention(p),
            .. Both(p, "encoder.layer.{n}.layernorm_before", "blocks.{n}.attention_norm"),
            .. Both(p, "encoder.layer.{n}.layernorm_after", "blocks.{n}.feed_forward_norm"),
            .. Both(p, "encoder.layer.{n}.intermediate.dense", "blocks.{n}.feed_forward.up"),
            .. Both(p, "encoder.layer.{n}.output.dense", "blocks.{n}.feed_forward.down"),
            .. Both(p, "layernorm", "final_norm"),
            .. Both(p, "pooler.dense", "pool_projection"),
            .. Both("", "classifier", "head"),
        ];
    }

    /// <summary>A model under a head has its type's name before the names of its tensors.</summary>
    protected string Prefix(BoundModel model) => model.Get<ClassificationAttribute>() is null ? "" : ModelType + ".";

    protected static IEnumerable<TensorRule> Embeddings(string p, VisionTransformerAttribute o) =>
    [
        new(p + "embeddings.cls_token", "embeddings.class_token") { Stored = static s => [1, .. s] },
        new(p + "embeddings.distillation_token", "embeddings.distillation_token") { Stored = static s => [1, .. s] },
        new(p + "embeddings.mask_token", "embeddings.mask_token"),
        new(p + "embeddings.position_embeddings", "embeddings.position.weight") { Stored = static s => [1, .. s], Grid = PictureSize.Grid(ImageKey, o, antialias: false) },
        new(p + "embeddings.patch_embeddings.projection.weight", "embeddings.patch.weight") { Stored = s => [s[0], o.Channels, VisionSize.Of(o).PatchHeight, VisionSize.Of(o).PatchWidth] },
        new(p + "embeddings.patch_embeddings.projection.bias", "embeddings.patch.bias"),
    ];

    protected static IEnumerable<TensorRule> Attention(string p) =>
    [
        .. Both(p, "encoder.layer.{n}.attention.attention.query", "blocks.{n}.attention.query"),
        .. Both(p, "encoder.layer.{n}.attention.attention.key", "blocks.{n}.attention.key"),
        .. Both(p, "encoder.layer.{n}.attention.attention.value", "blocks.{n}.attention.value"),
        .. Both(p, "encoder.layer.{n}.attention.output.dense", "blocks.{n}.attention.output"),
    ];

    protected static IEnumerable<TensorRule> Both(string p, string theirs, string ours) => TensorRule.Both(p + theirs, ours);

    /// <summary>Sets the pooler of a model without a head, where its weights are there.</summary>
    protected static void ScaffoldPooler(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        if (!tensors.Any(static t => t.EndsWith("pooler.dense.weight", StringComparison.Ordinal)))
        {
            s.Set("Pooler", Pooler.None);
            return;
        }

        var name = config.Text("pooler_act") ?? "tanh";
        s.Set("Pooler", s_poolers.Where(p => p.Name == name).Select(static p => (Pooler?)p.Pooler).FirstOrDefault()
            ?? s.Fail<Pooler>("pooler_act", name, string.Join(", ", s_poolers.Select(static p => p.Name))), "pooler_act");
        if (config.Integer("pooler_output_size") is { } size && size != (config.Integer("hidden_size") ?? 768))
        {
            s.Set("PoolerWidth", size, "pooler_output_size");
        }
    }
}
