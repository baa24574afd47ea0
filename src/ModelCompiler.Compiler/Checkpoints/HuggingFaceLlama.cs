using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>Llama as Hugging Face transformers stores it (LlamaModel, LlamaForCausalLM, LlamaForSequenceClassification).</summary>
internal sealed class HuggingFaceLlama : CheckpointFamily
{
    private const Biases Attention = Biases.QueryKeyValue | Biases.Output;

    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        .. HuggingFaceConfig.Rows("llama", static m => m.Prediction switch { CausalLanguageModelAttribute => "LlamaForCausalLM", ClassificationAttribute => "LlamaForSequenceClassification", _ => "LlamaModel" }),
        ConfigRow.Size("vocab_size", "Vocabulary", 32000),
        ConfigRow.Size("max_position_embeddings", "Context", 2048),
        ConfigRow.Size("hidden_size", "Width", 4096),
        ConfigRow.Size("num_hidden_layers", "Depth", 32),
        ConfigRow.Size("num_attention_heads", "Heads", 32),
        ConfigRow.SizeOrNull("num_key_value_heads", static m => (long)AttentionSize.Of((TransformerAttribute)m.Architecture).KeyHeads) with { Synonyms = static m => Plain(((TransformerAttribute)m.Architecture).KeyHeads), IsImplied = static m => ((TransformerAttribute)m.Architecture).KeyHeads == 0 },
        ConfigRow.SizeOrNull("head_dim", static m => (long)AttentionSize.Of((TransformerAttribute)m.Architecture).HeadWidth) with { Synonyms = static m => Plain(((TransformerAttribute)m.Architecture).HeadWidth), IsImplied = static m => ((TransformerAttribute)m.Architecture).HeadWidth == 0 },
        ConfigRow.FeedForward("intermediate_size", 11008),
        ConfigRow.ActivationName("hidden_act", "silu"),
        ConfigRow.Real("rms_norm_eps", "NormEpsilon", 1e-6),
        Angle("rope_parameters.rope_theta"),
        ConfigRow.Fixed("rope_parameters.rope_type", "default"),
        Angle("rope_theta"),
        ConfigRow.Fixed("rope_scaling", [null]),
        ConfigRow.Flag("attention_bias", false, static m => ((TransformerAttribute)m.Architecture).Biases.HasFlag(Biases.Query)),
        ConfigRow.Flag("mlp_bias", false, static m => ((TransformerAttribute)m.Architecture).Biases.HasFlag(Biases.Up)),
        ConfigRow.Dropout("attention_dropout", 0, "AttentionDropout"),
        ConfigRow.Padding(learns: false) with { IsCompared = false },
        ConfigRow.Flag("tie_word_embeddings", false, static m => m.Get<CausalLanguageModelAttribute>()?.Tied ?? false),
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceLlama;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    // pretraining_tp: the sums of a product in pieces.
    public override IReadOnlyList<string> Neutral { get; } = [.. HuggingFaceConfig.Neutral, "pretraining_tp"];

    protected override string[] OptionalPrefixes => ["model."];

    protected override string[] Ignored => ["*rotary_emb.inv_freq", "lm_head.weight"];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == "llama";

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("TransformerDecoder");
        s.Set("Norm", Norm.Rms);
        s.Set("Gated", true);
        s.Set("Positions", Positions.Rotary);
        s.Set("Biases", (config.Flag("attention_bias", false) ? Attention : 0) | (config.Flag("mlp_bias", false) ? Biases.FeedForward : 0));
        Heads(config, s);
        s.Set("RotaryBase", config.Real("rope_parameters.rope_theta") ?? config.Real("rope_theta") ?? 10_000, config.Has("rope_parameters.rope_theta") ? "rope_parameters.rope_theta" : "rope_theta");
        var name = HuggingFaceConfig.Class(config);
        switch (name)
        {
            case "LlamaForCausalLM":
                s.Add("CausalLanguageModel");
                s.Set("CausalLanguageModel", "Tied", config.Flag("tie_word_embeddings", false), "tie_word_embeddings");
                break;
            case "LlamaForSequenceClassification":
                s.Set("Pooling", Pooling.Last);
                HuggingFaceConfig.Classification(config, s);
                s.Set("Classification", "Bias", false, null);
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

    public override IEnumerable<TensorRule> Tensors(BoundModel model)
    {
        var p = model.Prediction is null ? "" : "model.";
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
        s.Set("KeyHeads", keyHeads == heads ? 0L : keyHeads, "num_key_value_heads");
        var headWidth = config.Integer("head_dim") ?? 0;
        s.Set("HeadWidth", headWidth * heads == width ? 0L : headWidth, "head_dim");
    }

    // Older files say rope_theta, newer ones rope_parameters: either may be absent.
    private static ConfigRow Angle(string key) =>
        ConfigRow.Real(key, static m => ((TextTransformerAttribute)m.Architecture).RotaryBase) with { Default = 10_000.0, IsImplied = static _ => true };

    // What the file may say, or lack, where the option is at its default.
    private static IEnumerable<object?> Plain(int option) => option == 0 ? [null] : [];
}
