using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>GPT-2 as Hugging Face transformers stores it: projections are Conv1D, [in, out], and query, key and value are one.</summary>
internal class HuggingFaceGpt2 : CheckpointFamily
{
    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        .. HuggingFaceConfig.Rows("gpt2", static m => m.Prediction switch { CausalLanguageModelAttribute => "GPT2LMHeadModel", ClassificationAttribute => "GPT2ForSequenceClassification", _ => "GPT2Model" }),
        ConfigRow.Size("vocab_size", "Vocabulary", 50257),
        ConfigRow.Size("n_positions", "Context", 1024),
        ConfigRow.Size("n_embd", "Width", 768),
        ConfigRow.Size("n_layer", "Depth", 12),
        ConfigRow.Size("n_head", "Heads", 12),
        ConfigRow.SizeOrNull("n_inner", static m => m.Architecture is TransformerAttribute o && ConfigRow.FeedForward(o) == 4 * o.Width ? null : (long)ConfigRow.FeedForward((TransformerAttribute)m.Architecture),
            static (v, s) => s.Set("FeedForward", v ?? 0L)),
        ConfigRow.ActivationName("activation_function", "gelu_new") with { Write = static m => m.Architecture is TransformerAttribute { Activation: Activation.GeluTanh } ? "gelu_new" : ActivationNames.Write(((TransformerAttribute)m.Architecture).Activation) },
        ConfigRow.Real("layer_norm_epsilon", "NormEpsilon", 1e-5),
        ConfigRow.Dropout("embd_pdrop", 0.1, "EmbeddingDropout"),
        ConfigRow.Dropout("resid_pdrop", 0.1, "ResidualDropout"),
        ConfigRow.Dropout("attn_pdrop", 0.1, "AttentionDropout"),
        ConfigRow.Padding() with { IsCompared = false },
        ConfigRow.Flag("add_cross_attention", false, static m => m.IsReader, static (v, s) =>
        {
            if (v != s.IsReader)
            {
                s.Fail<object>("add_cross_attention", v, s.IsReader ? "true" : "false");
            }
        }),
        ConfigRow.Flag("scale_attn_weights", true, static m => Scale(m) is AttentionScale.HeadWidth or AttentionScale.HeadWidthAndLayer),
        ConfigRow.Flag("scale_attn_by_inverse_layer_idx", false, static m => Scale(m) is AttentionScale.Layer or AttentionScale.HeadWidthAndLayer),
        ConfigRow.Flag("tie_word_embeddings", true, static m => m.Get<CausalLanguageModelAttribute>()?.Tied ?? true),
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceGpt2;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    public override IReadOnlyList<string> Neutral => [.. base.Neutral, "is_decoder"];

    protected override string[] OptionalPrefixes => ["transformer."];

    protected override string[] Ignored => ["*.attn.bias", "*.attn.masked_bias", "lm_head.weight"];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") is "gpt2";

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("TransformerDecoder");
        s.Set("Initialization", Initialization.ScaledNormal);
        s.Set("AttentionScale", (config.Flag("scale_attn_weights", true), config.Flag("scale_attn_by_inverse_layer_idx", false)) switch
        {
            (true, false) => AttentionScale.HeadWidth,
            (true, true) => AttentionScale.HeadWidthAndLayer,
            (false, true) => AttentionScale.Layer,
            _ => AttentionScale.None,
        });
        var name = HuggingFaceConfig.Class(config);
        switch (name)
        {
            case "GPT2LMHeadModel":
                s.Add("CausalLanguageModel");
                s.Set("CausalLanguageModel", "Tied", config.Flag("tie_word_embeddings", true), "tie_word_embeddings");
                break;
            case "GPT2ForSequenceClassification":
                s.Set("Pooling", Pooling.Last);
                HuggingFaceConfig.Classification(config, s);
                s.Set("Classification", "Bias", false, null);
                break;
            case "" or "GPT2Model":
                break;
            default:
                s.Fail<object>("architectures", name, "GPT2Model, GPT2LMHeadModel, GPT2ForSequenceClassification");
                break;
        }
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<TransformerDecoderAttribute>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Text, nameof(TransformerAttribute.AttentionScale)]);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.On);
        Require(p, o, nameof(o.LearnPadding), o.LearnPadding, Toggle.Auto, Toggle.On);
        Options(model, o, p);
    }

    protected virtual void Options(BoundModel model, TransformerDecoderAttribute o, ProblemList p)
    {
        RequireBiases(p, o, Biases.All);
        if (model.Get<CausalLanguageModelAttribute>() is { } l)
        {
            Require(p, l, nameof(l.Bias), l.Bias, false);
        }

        if (model.Get<ClassificationAttribute>() is { } c)
        {
            Require(p, c, nameof(c.Bias), c.Bias, false);
            Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.Last);
        }
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model) => Tensors(model, isTransposed: true);

    private static AttentionScale Scale(BoundModel model) => ((TransformerAttribute)model.Architecture).AttentionScale;

    /// <summary>GPT-2's names; nanoGPT has the same with projections as [out, in].</summary>
    protected static IEnumerable<TensorRule> Tensors(BoundModel model, bool isTransposed)
    {
        var p = model.Prediction is null ? "" : "transformer.";
        return
        [
            new(p + "wte.weight", "embeddings.token.weight") { Aliases = model.Get<CausalLanguageModelAttribute>() is { Tied: false } ? [] : ["lm_head.weight"] },
            new(p + "wpe.weight", "embeddings.position.weight"),
            .. Both("ln_1", "attention_norm"),
            Matrix("attn.c_attn", "attention.query", "attention.key", "attention.value"),
            Vector("attn.c_attn", "attention.query", "attention.key", "attention.value"),
            Matrix("attn.c_proj", "attention.output"),
            Vector("attn.c_proj", "attention.output"),
            .. Both("ln_cross_attn", "cross_attention_norm"),
            Matrix("crossattention.q_attn", "cross_attention.query"),
            Vector("crossattention.q_attn", "cross_attention.query"),
            Matrix("crossattention.c_attn", "cross_attention.key", "cross_attention.value"),
            Vector("crossattention.c_attn", "cross_attention.key", "cross_attention.value"),
            Matrix("crossattention.c_proj", "cross_attention.output"),
            Vector("crossattention.c_proj", "cross_attention.output"),
            .. Both("ln_2", "feed_forward_norm"),
            Matrix("mlp.c_fc", "feed_forward.up"),
            Vector("mlp.c_fc", "feed_forward.up"),
            Matrix("mlp.c_proj", "feed_forward.down"),
            Vector("mlp.c_proj", "feed_forward.down"),
            new(p + "ln_f.weight", "final_norm.weight"),
            new(p + "ln_f.bias", "final_norm.bias"),
            new(model.Get<ClassificationAttribute>() is null ? "lm_head.weight" : "score.weight", "head.weight"),
        ];

        TensorRule Matrix(string theirs, params string[] ours) => new($"{p}h.{{n}}.{theirs}.weight", [.. ours.Select(static o => $"blocks.{{n}}.{o}.weight")]) { IsTransposed = isTransposed };

        TensorRule Vector(string theirs, params string[] ours) => new($"{p}h.{{n}}.{theirs}.bias", [.. ours.Select(static o => $"blocks.{{n}}.{o}.bias")]);

        IEnumerable<TensorRule> Both(string theirs, string ours) => [new($"{p}h.{{n}}.{theirs}.weight", $"blocks.{{n}}.{ours}.weight"), Vector(theirs, ours)];
    }
}
