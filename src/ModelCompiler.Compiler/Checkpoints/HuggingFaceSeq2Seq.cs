using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>
/// Encoder-decoders of text as Hugging Face transformers stores BART and its relatives: one configuration for both towers, one token table for both and the
/// head, and a bias of the logits that does not learn (<c>final_logits_bias</c>).
/// </summary>
internal abstract class HuggingFaceSeq2Seq : EncoderDecoderFamily
{
    private const string Table = "embeddings.token";

    private readonly IReadOnlyList<TowerFormat> _towers;

    protected HuggingFaceSeq2Seq() => _towers = [.. new[] { "encoder", "decoder" }.Select(side => new TowerFormat(side, new HuggingFaceSeq2SeqTower(this, side), "", $"model.{side}."))];

    /// <summary>The value of <c>model_type</c>.</summary>
    public abstract string ModelType { get; }

    /// <summary>The class that writes the files.</summary>
    protected abstract string ClassName { get; }

    /// <summary>Keys that both towers are made of.</summary>
    public abstract IReadOnlyList<ConfigRow> Shared { get; }

    /// <summary>Sets what a tower always is.</summary>
    public abstract void Scaffold(ScaffoldedModel tower);

    /// <summary>Adds what a tower cannot be.</summary>
    public abstract void Validate(TextTransformerAttribute o, Action<string, object, object> require);

    // Dropouts that there is no place for are training's own, and change no result.
    public override IReadOnlyList<string> Neutral =>
    [
        .. HuggingFaceConfig.Neutral, "classif_dropout", "classifier_dropout", "activation_dropout", "encoder_layerdrop", "decoder_layerdrop", "force_bos_token_to_be_generated", "add_bias_logits", "extra_pos_embeddings",
        "num_hidden_layers", "is_decoder",
    ];

    public override IReadOnlyList<ConfigRow> Rows =>
    [
        ConfigRow.Fixed("model_type", ModelType),
        ConfigRow.Written("architectures", _ => new object?[] { ClassName }),
        ConfigRow.Fixed("is_encoder_decoder", [true]) with { IsWritten = static _ => true },
        ConfigRow.Fixed("tie_word_embeddings", [true]),
        ConfigRow.Fixed("normalize_before", [false]),
        ConfigRow.Fixed("add_final_layer_norm", [false]),
    ];

    protected override string[] OptionalPrefixes => ["model."];

    protected override IEnumerable<TensorRule> Own =>
    [
        new("model.shared.weight", $"encoder.{Table}.weight") { Aliases = ["model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight", "lm_head.weight"] },
        new("final_logits_bias", HeadBias) { Stored = static s => [1, .. s] },
    ];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == ModelType;

    protected override IReadOnlyList<TowerFormat> Towers(BoundModel model) => _towers;

    protected override IReadOnlyList<TowerFormat> Towers(ConfigFile config) => _towers;

    protected override void Objective(ConfigFile config, ScaffoldedModel s)
    {
        base.Objective(config, s);
        s.Set("CausalLanguageModel", "Bias", true, null);
        ShareTable(s, Table);
        s.Add("Freeze");
        s.Set("Freeze", "parts", new[] { HeadBias }, null);
        if (HuggingFaceConfig.Class(config) is var name && name != "" && name != ClassName)
        {
            s.Fail<object>("architectures", name, ClassName);
        }
    }

    protected override void Options(BoundModel model, EncoderDecoderAttribute<object, object> o, ProblemList p)
    {
        RequireOneTable(model, o, Table, hasBias: true, p);
        RequireOne(model, static t => t.Activation, nameof(TransformerAttribute.Activation), p);
        RequireOne(model, static t => t.ScaleEmbeddings, nameof(TextTransformerAttribute.ScaleEmbeddings), p);
        RequireOne(model, static t => t.PaddingToken, nameof(TextTransformerAttribute.PaddingToken), p);
    }
}
