using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>OPT as Hugging Face transformers stores it (OPTModel, OPTForCausalLM, OPTForSequenceClassification): positions count unmasked tokens from 2 on.</summary>
internal sealed class HuggingFaceOpt : CheckpointFamily
{
    private const int Offset = 2;
    private const Biases Linear = Biases.QueryKeyValue | Biases.Output | Biases.Up | Biases.Down;

    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        .. HuggingFaceConfig.Rows("opt", static m => m.Prediction switch { CausalLanguageModelAttribute => "OPTForCausalLM", ClassificationAttribute => "OPTForSequenceClassification", _ => "OPTModel" }).Where(static r => r.Key != "initializer_range"),
        ConfigRow.Real("init_std", "InitialDeviation", 0.02) with { IsCompared = false },
        ConfigRow.Size("vocab_size", "Vocabulary", 50272),
        ConfigRow.Size("max_position_embeddings", "Context", 2048),
        ConfigRow.Size("hidden_size", "Width", 768),
        ConfigRow.Size("num_hidden_layers", "Depth", 12),
        ConfigRow.Size("num_attention_heads", "Heads", 12),
        ConfigRow.FeedForward("ffn_dim", 3072),
        ConfigRow.SizeOrNull("word_embed_proj_dim", static m => (long)(m.Architecture is TextTransformerAttribute { EmbeddingWidth: > 0 } o ? o.EmbeddingWidth : ((TransformerAttribute)m.Architecture).Width)) with
        {
            Synonyms = static m => m.Architecture is TextTransformerAttribute { EmbeddingWidth: 0 } ? [null] : [],
            IsImplied = static m => m.Architecture is TextTransformerAttribute { EmbeddingWidth: 0 },
        },
        ConfigRow.ActivationName("activation_function", "relu"),
        ConfigRow.Flag("do_layer_norm_before", true, static m => ((TransformerAttribute)m.Architecture).NormPlacement == NormPlacement.Pre, static (v, s) => s.Set("NormPlacement", v ? NormPlacement.Pre : NormPlacement.Post)),
        ConfigRow.Flag("_remove_final_layer_norm", false, static m => m.Architecture is TransformerAttribute { NormPlacement: NormPlacement.Pre, FinalNorm: Toggle.Off }, static (v, s) => s.Set("FinalNorm", v ? Toggle.Off : Toggle.Auto)),
        ConfigRow.Flag("enable_bias", true, static m => ((TransformerAttribute)m.Architecture).Biases.HasFlag(Linear), static (v, s) => s.Set("Biases", v ? Biases.All : Biases.Norm)),
        ConfigRow.Fixed("layer_norm_elementwise_affine", true),
        ConfigRow.Dropout("dropout", 0.1, "ResidualDropout"),
        ConfigRow.Dropout("attention_dropout", 0, "AttentionDropout"),
        ConfigRow.Fixed("activation_dropout", 0.0) with { IsCompared = false },
        ConfigRow.Fixed("layerdrop", 0.0) with { IsCompared = false },
        ConfigRow.Fixed("is_encoder_decoder", [false]),
        ConfigRow.Padding(learns: false) with { Default = 1L },
        ConfigRow.Flag("tie_word_embeddings", true, static m => m.Get<CausalLanguageModelAttribute>()?.Tied ?? true),
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceOpt;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    protected override string[] OptionalPrefixes => ["model."];

    protected override string[] Ignored => ["lm_head.weight"];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == "opt";

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("TransformerDecoder");
        s.Set("PositionOffset", Offset);
        if (config.Integer("word_embed_proj_dim") is { } width && width != (config.Integer("hidden_size") ?? 768))
        {
            s.Set("EmbeddingWidth", width, "word_embed_proj_dim");
        }

        var name = HuggingFaceConfig.Class(config);
        switch (name)
        {
            case "OPTForCausalLM":
                s.Add("CausalLanguageModel");
                s.Set("CausalLanguageModel", "Tied", config.Flag("tie_word_embeddings", true), "tie_word_embeddings");
                break;
            case "OPTForSequenceClassification":
                s.Set("Pooling", Pooling.Last);
                HuggingFaceConfig.Classification(config, s);
                s.Set("Classification", "Bias", false, null);
                break;
            case "" or "OPTModel":
                break;
            default:
                s.Fail<object>("architectures", name, "OPTModel, OPTForCausalLM, OPTForSequenceClassification");
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
            nameof(TransformerAttribute.NormPlacement), nameof(TextTransformerAttribute.EmbeddingWidth), nameof(TextTransformerAttribute.PositionOffset),
        ]);
        Require(p, o, nameof(o.PositionOffset), o.PositionOffset, Offset);
        RequireBiases(p, o, Biases.All, Biases.Norm);
        Require(p, o, nameof(o.LearnPadding), o.LearnPadding, o.PaddingToken < 0 ? [Toggle.Auto, Toggle.On] : [Toggle.Off]);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, o.NormPlacement == NormPlacement.Pre ? [Toggle.Auto, Toggle.On, Toggle.Off] : [Toggle.Auto, Toggle.Off]);
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
        var p = model.Prediction is null ? "decoder." : "model.decoder.";
        return
        [
            new(p + "embed_tokens.weight", "embeddings.token.weight") { Aliases = model.Get<CausalLanguageModelAttribute>() is { Tied: false } ? [] : ["lm_head.weight"] },
            new(p + "embed_positions.weight", "embeddings.position.weight"),
            new(p + "project_in.weight", "embeddings.projection.weight"),
            new(p + "project_out.weight", "projection.weight"),
            .. Layer("self_attn.q_proj", "attention.query"),
            .. Layer("self_attn.k_proj", "attention.key"),
            .. Layer("self_attn.v_proj", "attention.value"),
            .. Layer("self_attn.out_proj", "attention.output"),
            .. Layer("self_attn_layer_norm", "attention_norm"),
            .. Layer("fc1", "feed_forward.up"),
            .. Layer("fc2", "feed_forward.down"),
            .. Layer("final_layer_norm", "feed_forward_norm"),
            .. TensorRule.Both(p + "final_layer_norm", "final_norm"),
            new(model.Get<ClassificationAttribute>() is null ? "lm_head.weight" : "score.weight", "head.weight"),
        ];

        IEnumerable<TensorRule> Layer(string theirs, string ours) => TensorRule.Both($"{p}layers.{{n}}.{theirs}", $"blocks.{{n}}.{ours}");
    }
}
