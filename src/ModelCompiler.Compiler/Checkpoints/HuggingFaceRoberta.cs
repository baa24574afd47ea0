using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>RoBERTa as Hugging Face transformers stores it: BERT's body, positions that count real tokens, other heads.</summary>
internal sealed class HuggingFaceRoberta : HuggingFaceBert
{
    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        .. HuggingFaceConfig.Rows("roberta", static m => Class(m, "Roberta")),
        .. Sizes.Select(static r => r.Key switch { "vocab_size" => r with { Default = 50265L }, _ => r }),
        ConfigRow.Real("layer_norm_eps", "NormEpsilon", 1e-12),
        ConfigRow.Integer("pad_token_id", static m => m.Architecture is TextTransformerAttribute { PaddingToken: >= 0 } o ? (long)o.PaddingToken : null, static (v, s) =>
        {
            s.Set("PaddingToken", v);
            s.Set("PositionOffset", s.PositionOffset);
        }) with { Default = 1L },
        ConfigRow.Size("max_position_embeddings", static m => (long)((TextTransformerAttribute)m.Architecture).Context + ((TextTransformerAttribute)m.Architecture).PositionOffset,
            static (v, s) => s.Set("Context", v - s.PositionOffset)) with { Default = 512L },
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceRoberta;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    protected override string[] OptionalPrefixes => ["roberta."];

    protected override string[] Ignored => ["*position_ids", "lm_head.bias", "lm_head.decoder.bias", "lm_head.decoder.weight"];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") is "roberta";

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        base.Scaffold(config, tensors, s);
        s.PositionOffset = (config.Integer("pad_token_id") ?? 1) + 1;
    }

    protected override string Stem => "Roberta";

    protected override IReadOnlyList<string> Heads { get; } = ["Model", "ForMaskedLM", "ForSequenceClassification"];

    protected override void Offset(ProblemList p, TransformerEncoderAttribute o) => Require(p, o, nameof(o.PositionOffset), o.PositionOffset, o.PaddingToken + 1);

    // RoBERTa's head has the exact GELU, whatever the blocks have.
    protected override void HeadRules(ProblemList p, TransformerEncoderAttribute o, MaskedLanguageModelAttribute m)
    {
        Require(p, m, nameof(m.Activation), m.Activation, Activation.Gelu);
        Require(p, m, nameof(m.NextSentence), m.NextSentence, false);
    }

    protected override Activation HeadActivation(ConfigFile config) => Activation.Gelu;

    public override IEnumerable<TensorRule> Tensors(BoundModel model)
    {
        var p = HasHead(model) ? "roberta." : "";
        var isClassifier = model.Get<ClassificationAttribute>() is not null;
        return
        [
            .. Body(model, p, "lm_head.decoder.weight"),
            .. TensorRule.Both(isClassifier ? "classifier.dense" : p + "pooler.dense", "pool_projection"),
            .. TensorRule.Both("lm_head.dense", "mlm.transform"),
            .. NormTensors("lm_head.layer_norm", "mlm.norm"),
            new("lm_head.decoder.weight", "mlm.weight"),
            OutputBias(model, "lm_head.bias", "lm_head.decoder.bias"),
            .. TensorRule.Both("classifier.out_proj", "head"),
        ];
    }
}
