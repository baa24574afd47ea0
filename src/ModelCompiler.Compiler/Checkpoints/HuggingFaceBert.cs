using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>BERT as Hugging Face transformers stores it (BertModel, BertForMaskedLM, BertForPreTraining, BertForSequenceClassification).</summary>
internal class HuggingFaceBert : CheckpointFamily
{
    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceBert;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    private static readonly IReadOnlyList<ConfigRow> s_rows = [.. RowsOf("bert")];

    /// <summary>The rows of BERT's body under a type.</summary>
    protected static IReadOnlyList<ConfigRow> RowsOf(string modelType) =>
    [
        .. HuggingFaceConfig.Rows(modelType, static m => Class(m, "Bert")),
        .. Sizes,
        ConfigRow.Size("max_position_embeddings", "Context", 512),
        ConfigRow.Real("layer_norm_eps", "NormEpsilon", 1e-12),
        ConfigRow.Padding() with { Default = 0L },
    ];

    /// <summary>Rows that BERT and RoBERTa share.</summary>
    protected static IReadOnlyList<ConfigRow> Sizes =>
    [
        ConfigRow.Size("vocab_size", "Vocabulary", 30522),
        ConfigRow.Size("hidden_size", "Width", 768),
        ConfigRow.Size("num_hidden_layers", "Depth", 12),
        ConfigRow.Size("num_attention_heads", "Heads", 12),
        ConfigRow.FeedForward("intermediate_size", 3072),
        ConfigRow.Integer("type_vocab_size", "Segments", 2),
        ConfigRow.ActivationName("hidden_act", "gelu"),
        ConfigRow.Dropout("hidden_dropout_prob", 0.1, "EmbeddingDropout", "ResidualDropout"),
        ConfigRow.Dropout("attention_probs_dropout_prob", 0.1, "AttentionDropout"),
        ConfigRow.RealOrNull("classifier_dropout", static m => ((TransformerAttribute)m.Architecture).HeadDropout, static (v, s) => s.Set("HeadDropout", v ?? s.DefaultDropout)) with { IsCompared = false },
        ConfigRow.Fixed("is_decoder", false),
        ConfigRow.Fixed("add_cross_attention", false),
        ConfigRow.Fixed("position_embedding_type", "absolute"),
        ConfigRow.Fixed("chunk_size_feed_forward", 0L),
        ConfigRow.Flag("tie_word_embeddings", true, static m => m.Get<MaskedLanguageModelAttribute>()?.Tied ?? true),
    ];

    protected override string[] OptionalPrefixes => ["bert."];

    protected override string[] Ignored => ["*position_ids", "cls.predictions.bias", "cls.predictions.decoder.bias", "cls.predictions.decoder.weight"];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == "bert" || (!config.Has("model_type") && HuggingFaceConfig.Class(config).StartsWith("Bert", StringComparison.Ordinal));

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("TransformerEncoder");
        s.Set("NormPlacement", NormPlacement.Post);
        s.Set("EmbeddingNorm", true);
        s.DefaultDropout = config.Real("hidden_dropout_prob") ?? 0.1;
        var name = HuggingFaceConfig.Class(config);
        var head = name.Length == 0 ? "Model" : Heads.FirstOrDefault(h => name == Stem + h);
        switch (head)
        {
            case "ForMaskedLM" or "ForPreTraining":
                s.Add("MaskedLanguageModel");
                s.Set("MaskedLanguageModel", "Activation", HeadActivation(config), "hidden_act");
                s.Set("MaskedLanguageModel", "NextSentence", head == "ForPreTraining", "architectures");
                s.Set("MaskedLanguageModel", "Tied", config.Flag("tie_word_embeddings", true), "tie_word_embeddings");
                break;
            case "ForSequenceClassification":
                HuggingFaceConfig.Classification(config, s);
                break;
            case null:
                s.Fail<object>("architectures", name, string.Join(", ", Heads.Select(h => Stem + h)));
                break;
        }

        if (HasPooler(head, tensors))
        {
            s.Set("Pooling", Pooling.Cls);
            s.Set("Pooler", Pooler.Tanh);
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
            nameof(TextTransformerAttribute.Segments), nameof(TextTransformerAttribute.PositionOffset),
        ]);
        Require(p, o, nameof(o.NormPlacement), o.NormPlacement, NormPlacement.Post);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.Off);
        Require(p, o, nameof(o.EmbeddingNorm), o.EmbeddingNorm, true);
        RequireBiases(p, o, Biases.All);
        Require(p, o, nameof(o.Pooler), o.Pooler, Pooler.None, Pooler.Tanh);
        Require(p, o, nameof(o.LearnPadding), o.LearnPadding, Toggle.Auto, Toggle.Off);
        Offset(p, o);
        if (o.Segments == 0)
        {
            Require(p, o, nameof(o.Segments), o.Segments, 1, 2);
        }

        if (model.Get<ClassificationAttribute>() is { } c)
        {
            Require(p, c, nameof(c.Bias), c.Bias, true);
            Require(p, o, nameof(o.Pooler), o.Pooler, Pooler.Tanh);
            Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.Cls);
        }

        if (model.Get<MaskedLanguageModelAttribute>() is { } m)
        {
            HeadRules(p, o, m);
        }
    }

    /// <summary>What names of whole models begin with.</summary>
    protected virtual string Stem => "Bert";

    /// <summary>How the names go on.</summary>
    protected virtual IReadOnlyList<string> Heads { get; } = ["Model", "ForMaskedLM", "ForPreTraining", "ForSequenceClassification"];

    protected virtual void Offset(ProblemList p, TransformerEncoderAttribute o) => Require(p, o, nameof(o.PositionOffset), o.PositionOffset, 0);

    protected virtual void HeadRules(ProblemList p, TransformerEncoderAttribute o, MaskedLanguageModelAttribute m) => Require(p, m, nameof(m.Activation), m.Activation, o.Activation);

    protected virtual Activation HeadActivation(ConfigFile config) => ActivationNames.Read(config.Text("hidden_act") ?? "gelu") ?? Activation.Gelu;

    // Without a head, the weights say whether there is one.
    private static bool HasPooler(string? head, IReadOnlyCollection<string> tensors) =>
        head is "ForPreTraining" or "ForSequenceClassification" || (head is "Model" && tensors.Any(static t => t.EndsWith("pooler.dense.weight", StringComparison.Ordinal)));

    public override IEnumerable<TensorRule> Tensors(BoundModel model)
    {
        var p = HasHead(model) ? "bert." : "";
        return
        [
            .. Body(model, p, "cls.predictions.decoder.weight"),
            .. TensorRule.Both(p + "pooler.dense", "pool_projection"),
            .. TensorRule.Both("cls.predictions.transform.dense", "mlm.transform"),
            .. NormTensors("cls.predictions.transform.LayerNorm", "mlm.norm"),
            new("cls.predictions.decoder.weight", "mlm.weight"),
            OutputBias(model, "cls.predictions.bias", "cls.predictions.decoder.bias"),
            .. TensorRule.Both("cls.seq_relationship", "next_sentence"),
            .. TensorRule.Both("classifier", "head"),
        ];
    }

    protected static bool HasHead(BoundModel model) => model.Prediction is not null;

    // Tied, both names are one tensor; else the decoder reads its own and the other is in the file without being used.
    protected static TensorRule OutputBias(BoundModel model, string shared, string own) => model.Get<MaskedLanguageModelAttribute>() is { Tied: false }
        ? new(own, "mlm.bias") { Aliases = [shared] }
        : new(shared, "mlm.bias") { Aliases = [own] };

    // A tied table may be stored under the head's name alone.
    protected static IEnumerable<TensorRule> Body(BoundModel model, string p, string head) =>
    [
        new(p + "embeddings.word_embeddings.weight", "embeddings.token.weight") { Aliases = model.Get<MaskedLanguageModelAttribute>() is { Tied: true } ? [head] : [] },
        new(p + "embeddings.position_embeddings.weight", "embeddings.position.weight"),
        new(p + "embeddings.token_type_embeddings.weight", "embeddings.segment.weight"),
        .. NormTensors(p + "embeddings.LayerNorm", "embeddings.norm"),
        .. TensorRule.Both(p + "encoder.layer.{n}.attention.self.query", "blocks.{n}.attention.query"),
        .. TensorRule.Both(p + "encoder.layer.{n}.attention.self.key", "blocks.{n}.attention.key"),
        .. TensorRule.Both(p + "encoder.layer.{n}.attention.self.value", "blocks.{n}.attention.value"),
        .. TensorRule.Both(p + "encoder.layer.{n}.attention.output.dense", "blocks.{n}.attention.output"),
        .. NormTensors(p + "encoder.layer.{n}.attention.output.LayerNorm", "blocks.{n}.attention_norm"),
        .. TensorRule.Both(p + "encoder.layer.{n}.intermediate.dense", "blocks.{n}.feed_forward.up"),
        .. TensorRule.Both(p + "encoder.layer.{n}.output.dense", "blocks.{n}.feed_forward.down"),
        .. NormTensors(p + "encoder.layer.{n}.output.LayerNorm", "blocks.{n}.feed_forward_norm"),
    ];

    // Files from TensorFlow's days say gamma and beta.
    protected static IEnumerable<TensorRule> NormTensors(string theirs, string ours) =>
    [
        new(theirs + ".weight", ours + ".weight") { Aliases = [theirs + ".gamma"] },
        new(theirs + ".bias", ours + ".bias") { Aliases = [theirs + ".beta"] },
    ];

    protected static string Class(BoundModel model, string stem) => stem + model.Prediction switch
    {
        MaskedLanguageModelAttribute { NextSentence: true } => "ForPreTraining",
        MaskedLanguageModelAttribute => "ForMaskedLM",
        ClassificationAttribute => "ForSequenceClassification",
        _ => "Model",
    };
}
