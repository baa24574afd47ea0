using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>DistilBERT as Hugging Face transformers stores it: BERT's blocks under names of its own, no segments, no pooler (DistilBertModel, ForMaskedLM, ForSequenceClassification).</summary>
internal sealed class HuggingFaceDistilBert : CheckpointFamily
{
    private const string FrozenPositions = "embeddings.position";

    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        .. HuggingFaceConfig.Rows("distilbert", static m => m.Prediction switch { MaskedLanguageModelAttribute => "DistilBertForMaskedLM", ClassificationAttribute => "DistilBertForSequenceClassification", _ => "DistilBertModel" }),
        ConfigRow.Size("vocab_size", "Vocabulary", 30522),
        ConfigRow.Size("max_position_embeddings", "Context", 512),
        ConfigRow.Size("dim", "Width", 768),
        ConfigRow.Size("n_layers", "Depth", 6),
        ConfigRow.Size("n_heads", "Heads", 12),
        ConfigRow.FeedForward("hidden_dim", 3072),
        ConfigRow.ActivationName("activation", "gelu"),
        ConfigRow.Dropout("dropout", 0.1, "EmbeddingDropout", "ResidualDropout"),
        ConfigRow.Dropout("attention_dropout", 0.1, "AttentionDropout"),
        ConfigRow.Dropout("seq_classif_dropout", 0.2, "HeadDropout"),
        ConfigRow.Padding() with { Default = 0L },
        ConfigRow.Flag("sinusoidal_pos_embds", false, static m => m.Get<FreezeAttribute>()?.Parts.Contains(FrozenPositions) is true, static (v, s) =>
        {
            // A table that starts as sines and cosines and stays as it is.
            if (v)
            {
                s.Add("Freeze");
                s.Set("Freeze", "parts", new[] { FrozenPositions }, null);
            }
        }) with { IsCompared = false },
        ConfigRow.Flag("tie_word_embeddings", true, static m => m.Get<MaskedLanguageModelAttribute>()?.Tied ?? true),
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceDistilBert;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    public override IReadOnlyList<string> Neutral { get; } = [.. HuggingFaceConfig.Neutral, "qa_dropout"];

    protected override string[] OptionalPrefixes => ["distilbert."];

    protected override string[] Ignored => ["*position_ids", "vocab_projector.weight"];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == "distilbert";

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("TransformerEncoder");
        s.Set("NormPlacement", NormPlacement.Post);
        s.Set("EmbeddingNorm", true);
        s.Set("NormEpsilon", 1e-12);
        var name = HuggingFaceConfig.Class(config);
        switch (name)
        {
            case "DistilBertForMaskedLM":
                s.Add("MaskedLanguageModel");
                s.Set("MaskedLanguageModel", "Activation", ActivationNames.Read(config.Text("activation") ?? "gelu") ?? Activation.Gelu, "activation");
                s.Set("MaskedLanguageModel", "Tied", config.Flag("tie_word_embeddings", true), "tie_word_embeddings");
                break;
            case "DistilBertForSequenceClassification":
                s.Set("Pooling", Pooling.Cls);
                s.Set("Pooler", Pooler.Relu);
                HuggingFaceConfig.Classification(config, s);
                break;
            case "" or "DistilBertModel":
                break;
            default:
                s.Fail<object>("architectures", name, "DistilBertModel, DistilBertForMaskedLM, DistilBertForSequenceClassification");
                break;
        }
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<TransformerEncoderAttribute>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o,
        [
            .. OptionNames.Text,
            nameof(TransformerAttribute.NormPlacement), nameof(TransformerAttribute.EmbeddingNorm), nameof(TransformerAttribute.Pooler),
        ]);
        Require(p, o, nameof(o.NormPlacement), o.NormPlacement, NormPlacement.Post);
        Require(p, o, nameof(o.NormEpsilon), o.NormEpsilon, 1e-12);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.Off);
        Require(p, o, nameof(o.EmbeddingNorm), o.EmbeddingNorm, true);
        RequireBiases(p, o, Biases.All);
        Require(p, o, nameof(o.LearnPadding), o.LearnPadding, Toggle.Auto, Toggle.Off);
        if (model.Get<ClassificationAttribute>() is { } c)
        {
            Require(p, c, nameof(c.Bias), c.Bias, true);
            Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.Cls);
            Require(p, o, nameof(o.Pooler), o.Pooler, Pooler.Relu);
        }
        else
        {
            Require(p, o, nameof(o.Pooler), o.Pooler, Pooler.None);
        }

        if (model.Get<MaskedLanguageModelAttribute>() is { } m)
        {
            Require(p, m, nameof(m.Activation), m.Activation, o.Activation);
            Require(p, m, nameof(m.NextSentence), m.NextSentence, false);
        }
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model)
    {
        var p = model.Prediction is null ? "" : "distilbert.";
        var isTied = model.Get<MaskedLanguageModelAttribute>() is { Tied: true };
        return
        [
            new(p + "embeddings.word_embeddings.weight", "embeddings.token.weight") { Aliases = isTied ? ["vocab_projector.weight"] : [] },
            new(p + "embeddings.position_embeddings.weight", "embeddings.position.weight"),
            .. TensorRule.Both(p + "embeddings.LayerNorm", "embeddings.norm"),
            .. Layer("attention.q_lin", "attention.query"),
            .. Layer("attention.k_lin", "attention.key"),
            .. Layer("attention.v_lin", "attention.value"),
            .. Layer("attention.out_lin", "attention.output"),
            .. Layer("sa_layer_norm", "attention_norm"),
            .. Layer("ffn.lin1", "feed_forward.up"),
            .. Layer("ffn.lin2", "feed_forward.down"),
            .. Layer("output_layer_norm", "feed_forward_norm"),
            .. TensorRule.Both("vocab_transform", "mlm.transform"),
            .. TensorRule.Both("vocab_layer_norm", "mlm.norm"),
            new("vocab_projector.weight", "mlm.weight"),
            new("vocab_projector.bias", "mlm.bias"),
            .. TensorRule.Both("pre_classifier", "pool_projection"),
            .. TensorRule.Both("classifier", "head"),
        ];

        IEnumerable<TensorRule> Layer(string theirs, string ours) => TensorRule.Both($"{p}transformer.layer.{{n}}.{theirs}", $"blocks.{{n}}.{ours}");
    }
}
