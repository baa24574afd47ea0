using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>Llama as Hugging Face transformers stores it (LlamaModel, LlamaForCausalLM, LlamaForSequenceClassification).</summary>
internal sealed class HuggingFaceLlama : CheckpointFamily
{
    private const Biases Attention = Biases.QueryKeyValue | Biases.Output;

    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        .. HuggingFaceConfig.Rows("llama", static m => m.Get<ObjectiveAttribute>() switch { CausalLanguageModelAttribute => "LlamaForCausalLM", ClassificationAttribute => "LlamaForSequenceClassification", _ => "LlamaModel" }),
        ConfigRow.Integer("vocab_size", "Vocabulary", 32000L),
        ConfigRow.Integer("max_position_embeddings", "Context", 2048L),
        ConfigRow.Integer("hidden_size", "Width", 4096L),
        ConfigRow.Integer("num_hidden_layers", "Depth", 32L),
        ConfigRow.Integer("num_attention_heads", "Heads", 32L),
        new("num_key_value_heads", static m => (long)AttentionSize.Of((TransformerAttribute)m.Architecture).KeyHeads, static (_, _) => { }) { Default = null },
        new("head_dim", static m => (long)AttentionSize.Of((TransformerAttribute)m.Architecture).HeadWidth, static (_, _) => { }) { Default = null },
        new("intermediate_size", static m => (long)ConfigRow.FeedForward((TransformerAttribute)m.Architecture), static (v, s) => s.Set("FeedForward", v ?? 11008L)) { Default = 11008L },
        ConfigRow.ActivationName("hidden_act", "silu"),
        ConfigRow.Real("rms_norm_eps", "NormEpsilon", 1e-6),
        new("rope_parameters", static m => new Dictionary<string, object?> { ["rope_theta"] = ((TextTransformerAttribute)m.Architecture).RotaryBase, ["rope_type"] = "default" }, static (_, _) => { }) { Default = null, IsCompared = false },
        new("rope_theta", static m => ((TextTransformerAttribute)m.Architecture).RotaryBase, static (_, _) => { }) { Default = 10000.0, IsCompared = false },
        new("attention_bias", static m => ((TransformerAttribute)m.Architecture).Biases.HasFlag(Biases.Query), static (_, _) => { }) { Default = false },
        new("mlp_bias", static m => ((TransformerAttribute)m.Architecture).Biases.HasFlag(Biases.Up), static (_, _) => { }) { Default = false },
        ConfigRow.Dropout("attention_dropout", 0, "AttentionDropout"),
        new("pad_token_id", static m => m.Architecture is TextTransformerAttribute { PaddingToken: >= 0 } o ? (long)o.PaddingToken : null, static (v, s) =>
        {
            s.Set("PaddingToken", v ?? -1L);
            s.Set("LearnPadding", v is null ? Toggle.Auto : Toggle.Off);
        }) { Default = null, IsCompared = false },
        new("tie_word_embeddings", static m => m.Get<CausalLanguageModelAttribute>()?.Tied ?? false, static (_, _) => { }) { Default = false },
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceLlama;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    protected override string[] OptionalPrefixes => ["model."];

    protected override string[] Ignored => ["*rotary_emb.inv_freq", "lm_head.weight"];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == "llama";

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("TransformerDecoder");
        s.Set("Norm", Norm.Rms);
        s.Set("Gated", true);
        s.Set("Positions", Positions.Rotary);
        s.Set("Biases", (config.Get("attention_bias") is true ? Attention : 0) | (config.Get("mlp_bias") is true ? Biases.FeedForward : 0));
        Heads(config, s);
        Angles(config, s);
        config.Skip(["pretraining_tp"]); // the sums of a product in pieces
        var name = HuggingFaceConfig.Class(config);
        switch (name)
        {
            case "LlamaForCausalLM":
                s.Add("CausalLanguageModel");
                s.Set("CausalLanguageModel", "Tied", config.Get("tie_word_embeddings") is true);
                break;
            case "LlamaForSequenceClassification":
                s.Set("Pooling", Pooling.Last);
                HuggingFaceConfig.Classification(config, s);
                s.Set("Classification", "Bias", false);
                break;
            case "" or "LlamaModel":
                break;
            default:
                s.Fail<object>("architectures", name, "LlamaModel, LlamaForCausalLM, LlamaForSequenceClassification");
                break;
        }
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<TransformerDecoderAttribute>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o,
        [
            .. OptionNames.Text,
            nameof(TransformerAttribute.KeyHeads), nameof(TransformerAttribute.HeadWidth), nameof(TransformerAttribute.Gated),
            nameof(TransformerAttribute.Norm), nameof(TransformerAttribute.Positions), nameof(TextTransformerAttribute.RotaryBase),
        ]);
        Require(p, o, nameof(o.Norm), o.Norm, Norm.Rms);
        Require(p, o, nameof(o.Gated), o.Gated, true);
        Require(p, o, nameof(o.Positions), o.Positions, Positions.Rotary);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.On);
        RequireBiases(p, o, [.. new[] { Biases.None, Attention, Biases.FeedForward, Attention | Biases.FeedForward }.Select(b => b | (o.Biases & Biases.Norm))]); // an RMS norm has none in any case
        Require(p, o, nameof(o.LearnPadding), o.LearnPadding, o.PaddingToken < 0 ? [Toggle.Auto, Toggle.On] : [Toggle.Off]);
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

    protected override IEnumerable<TensorRule> Tensors(BoundModel model)
    {
        var p = model.Get<ObjectiveAttribute>() is null or FeatureRegressionAttribute ? "" : "model.";
        return
        [
            new(p + "embed_tokens.weight", "embeddings.token.weight") { Aliases = model.Get<CausalLanguageModelAttribute>() is { Tied: true } ? ["lm_head.weight"] : [] },
            .. Layer("input_layernorm", "attention_norm"),
            .. Layer("self_attn.q_proj", "attention.query"),
            .. Layer("self_attn.k_proj", "attention.key"),
            .. Layer("self_attn.v_proj", "attention.value"),
            .. Layer("self_attn.o_proj", "attention.output"),
            .. Layer("post_attention_layernorm", "feed_forward_norm"),
            .. Layer("mlp.gate_proj", "feed_forward.gate"),
            .. Layer("mlp.up_proj", "feed_forward.up"),
            .. Layer("mlp.down_proj", "feed_forward.down"),
            new(p + "norm.weight", "final_norm.weight"),
            new(model.Get<ClassificationAttribute>() is null ? "lm_head.weight" : "score.weight", "head.weight"),
        ];

        IEnumerable<TensorRule> Layer(string theirs, string ours) =>
            new[] { "weight", "bias" }.Select(x => new TensorRule($"{p}layers.{{n}}.{theirs}.{x}", $"blocks.{{n}}.{ours}.{x}"));
    }

    private static void Heads(ConfigFile config, ScaffoldedModel s)
    {
        var (width, heads) = (config.Integer("hidden_size") ?? 4096, config.Integer("num_attention_heads") ?? 32);
        var keyHeads = config.Integer("num_key_value_heads") ?? heads;
        s.Set("KeyHeads", keyHeads == heads ? 0L : keyHeads);
        var headWidth = config.Integer("head_dim") ?? 0;
        s.Set("HeadWidth", headWidth * heads == width ? 0L : headWidth);
    }

    // Older files say rope_theta and rope_scaling, newer ones rope_parameters.
    private static void Angles(ConfigFile config, ScaffoldedModel s)
    {
        var type = config.Text("rope_parameters.rope_type") ?? "default";
        if (type != "default")
        {
            s.Fail<object>("rope_parameters.rope_type", type, "\"default\"");
        }

        if (config.Get("rope_scaling") is { } scaling)
        {
            s.Fail<object>("rope_scaling", scaling, "null");
        }

        s.Set("RotaryBase", config.Real("rope_parameters.rope_theta") ?? config.Real("rope_theta") ?? 10_000);
    }
}
