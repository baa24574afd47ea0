using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>A ViT and a GPT-2 that reads it, as Hugging Face transformers joins them (VisionEncoderDecoderModel): each as it is stored alone, and a projection where widths differ.</summary>
internal sealed class HuggingFaceVisionEncoderDecoder : EncoderDecoderFamily
{
    private static readonly IReadOnlyList<TowerFormat> s_towers = [new("encoder", new HuggingFaceVit(), "encoder", "encoder."), new("decoder", new HuggingFaceGpt2(), "decoder", "decoder.")];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceVisionEncoderDecoder;

    public override IReadOnlyList<ConfigRow> Rows { get; } =
    [
        ConfigRow.Fixed("model_type", "vision-encoder-decoder"),
        ConfigRow.Written("architectures", static _ => new object?[] { "VisionEncoderDecoderModel" }),
        ConfigRow.Fixed("is_encoder_decoder", [true]) with { IsWritten = static _ => true },
    ];

    public override IReadOnlyList<string> Neutral => [.. HuggingFaceConfig.Neutral, "tie_word_embeddings", "pad_token_id", "is_decoder"];

    // No token is pooled, and the pooler's weights do nothing.
    protected override string[] Ignored => ["encoder.pooler.*", "decoder.*.attn.bias", "decoder.*.attn.masked_bias", "decoder.*.crossattention.bias", "decoder.*.crossattention.masked_bias", "decoder.lm_head.weight"];

    protected override IEnumerable<TensorRule> Own => [new("enc_to_dec_proj.weight", "encoder_projection.weight"), new("enc_to_dec_proj.bias", "encoder_projection.bias")];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == "vision-encoder-decoder";

    protected override IReadOnlyList<TowerFormat> Towers(BoundModel model) => s_towers;

    protected override IReadOnlyList<TowerFormat> Towers(ConfigFile config)
    {
        foreach (var tower in s_towers.Where(t => !t.Family.Recognises(config.Under(t.Key))))
        {
            config.Under(tower.Key).Fail<object>("model_type", config.Under(tower.Key).Get("model_type"), tower.Side == "encoder" ? "vit" : "gpt2");
        }

        return config.Unsupported.Count > 0 ? [] : s_towers;
    }

    protected override void Scaffold(ConfigFile config, CheckpointFamily family, ScaffoldedModel tower)
    {
        if (family is HuggingFaceVit)
        {
            tower.Set("Pooling", Pooling.None);
            tower.Set("Pooler", Pooler.None);
        }
    }

    protected override void Objective(ConfigFile config, ScaffoldedModel s)
    {
        base.Objective(config, s);
        s.Set("Projection", Width("encoder", "hidden_size") != Width("decoder", "n_embd"));

        long Width(string tower, string key) => config.Under(tower).Integer(key) ?? 768;
    }

    protected override void Options(BoundModel model, EncoderDecoderAttribute<object, object> o, ProblemList p)
    {
        RequireTied(model, p);
        if (Side.Of(model) is [{ Options: { } encoder }, { Options: { } decoder }])
        {
            Require(p, o, nameof(o.Projection), o.Projection, encoder.Width != decoder.Width);
        }
    }
}
