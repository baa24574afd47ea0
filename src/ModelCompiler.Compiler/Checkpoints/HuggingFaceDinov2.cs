using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>DINOv2 as Hugging Face transformers stores it: ViT with layer scale, a mask token and, in the largest size, a gated feed-forward part (Dinov2Model, Dinov2ForImageClassification).</summary>
internal sealed class HuggingFaceDinov2 : HuggingFaceVit
{
    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        .. HuggingFaceConfig.Rows("dinov2", static m => m.Get<ClassificationAttribute>() is null ? "Dinov2Model" : "Dinov2ForImageClassification"),
        .. Sizes.Select(static r => r.Key is "hidden_act" ? Activation() : r),
        ConfigRow.Real("layer_norm_eps", "NormEpsilon", 1e-6),
        ConfigRow.Size("mlp_ratio", static m => Ratio((TransformerAttribute)m.Architecture) ?? ConfigRow.Absent) with { Default = 4L },
        ConfigRow.Flag("use_swiglu_ffn", false, static m => ((TransformerAttribute)m.Architecture).Gated, static (v, s) => s.Set("Gated", v)),
        ConfigRow.Real("layerscale_value", "LayerScale", 1) with { IsCompared = false },
        ConfigRow.Flag("use_mask_token", true, static m => ((VisionTransformerAttribute)m.Architecture).MaskToken, static (v, s) => s.Set("MaskToken", v)) with { IsCompared = false },
        ConfigRow.Fixed("drop_path_rate", 0.0) with { IsCompared = false },
        ConfigRow.Fixed("apply_layernorm", true),
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceDinov2;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    public override IReadOnlyList<string> Neutral { get; } = [.. HuggingFaceConfig.NeutralOfPictures, "out_features", "out_indices", "stage_names", "reshape_hidden_states"];

    protected override string ModelType => "dinov2";

    protected override string[] Expressed => [nameof(TransformerAttribute.LayerScale), nameof(TransformerAttribute.Gated), nameof(VisionTransformerAttribute.MaskToken)];

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("VisionTransformer");
        var (ratio, isGated) = (config.Integer("mlp_ratio") ?? 4, config.Flag("use_swiglu_ffn", false));
        s.Set("Gated", isGated);
        s.FeedForward("mlp_ratio", width => Inner(width, ratio, isGated));
        var name = HuggingFaceConfig.Class(config);
        switch (name)
        {
            case "Dinov2ForImageClassification":
                HuggingFaceConfig.Classification(config, s);
                s.Set("Pooling", Pooling.ClsAndMean);
                break;
            case "" or "Dinov2Model":
                break;
            default:
                s.Fail<object>("architectures", name, "Dinov2Model, Dinov2ForImageClassification");
                break;
        }
    }

    protected override void Options(BoundModel model, VisionTransformerAttribute o, ProblemList p)
    {
        RequireBiases(p, o, Biases.All, Biases.All & ~Biases.QueryKeyValue);
        if (o.LayerScale == 0)
        {
            p.Add(Rules.FormatCannotExpress, o, nameof(o.LayerScale), "LayerScale is 0, but HuggingFaceDinov2 checkpoints have a scale on every sub-layer: set it to 1, or store the model as CheckpointFormat.Native");
        }

        if (o.Gated)
        {
            Require(p, o, nameof(o.Activation), o.Activation, ModelCompiler.Activation.Silu);
        }

        if (Ratio(o) is null)
        {
            p.Add(Rules.FormatCannotExpress, o, nameof(o.FeedForward), $"FeedForward is {ConfigRow.FeedForward(o)}, but HuggingFaceDinov2 checkpoints have a whole multiple of Width{(o.Gated ? " x 2/3, rounded up to 8" : "")}: change it, or store the model as CheckpointFormat.Native");
        }
    }

    protected override void Classifier(VisionTransformerAttribute o, ClassificationAttribute c, ProblemList p) => Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.ClsAndMean);

    public override IEnumerable<TensorRule> Tensors(BoundModel model)
    {
        var p = Prefix(model);
        return
        [
            .. Embeddings(p, (VisionTransformerAttribute)model.Architecture),
            .. Attention(p),
            .. Both(p, "encoder.layer.{n}.norm1", "blocks.{n}.attention_norm"),
            new(p + "encoder.layer.{n}.layer_scale1.lambda1", "blocks.{n}.attention_scale"),
            .. Both(p, "encoder.layer.{n}.norm2", "blocks.{n}.feed_forward_norm"),
            .. Both(p, "encoder.layer.{n}.mlp.fc1", "blocks.{n}.feed_forward.up").Where(_ => !IsGated(model)),
            .. Both(p, "encoder.layer.{n}.mlp.fc2", "blocks.{n}.feed_forward.down").Where(_ => !IsGated(model)),
            .. new[] { "weight", "bias" }.Select(x => new TensorRule($"{p}encoder.layer.{{n}}.mlp.weights_in.{x}", $"blocks.{{n}}.feed_forward.gate.{x}", $"blocks.{{n}}.feed_forward.up.{x}")),
            .. Both(p, "encoder.layer.{n}.mlp.weights_out", "blocks.{n}.feed_forward.down").Where(_ => IsGated(model)),
            new(p + "encoder.layer.{n}.layer_scale2.lambda1", "blocks.{n}.feed_forward_scale"),
            .. Both(p, "layernorm", "final_norm"),
            .. Both("", "classifier", "head"),
        ];
    }

    // The gate's activation is SiLU whatever hidden_act says.
    private static ConfigRow Activation()
    {
        var row = ConfigRow.ActivationName("hidden_act", "gelu", static (v, s) => s.Set("Activation", s.Is("Gated") ? ModelCompiler.Activation.Silu : v));
        return row with
        {
            Write = m => m.Architecture is TransformerAttribute { Gated: true } ? "gelu" : row.Write(m),
            Synonyms = m => m.Architecture is TransformerAttribute { Gated: true } ? ActivationNames.All : row.Synonyms(m),
        };
    }

    private static bool IsGated(BoundModel model) => ((TransformerAttribute)model.Architecture).Gated;

    private static long Inner(long width, long ratio, bool isGated) => isGated ? (((width * ratio * 2) / 3) + 7) / 8 * 8 : width * ratio;

    // The ratio that gives the feed-forward width; null: there is none.
    private static object? Ratio(TransformerAttribute o) =>
        Enumerable.Range(1, 64).Where(r => Inner(o.Width, r, o.Gated) == ConfigRow.FeedForward(o)).OrderBy(static r => Math.Abs(r - 4)).Select(static r => (object)(long)r).FirstOrDefault();
}
