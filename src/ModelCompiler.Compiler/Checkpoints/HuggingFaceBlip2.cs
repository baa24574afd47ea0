using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>BLIP-2's second stage with OPT as Hugging Face transformers stores it (Blip2ForConditionalGeneration).</summary>
internal sealed class HuggingFaceBlip2 : TowersFamily
{
    private const string ClassName = "Blip2ForConditionalGeneration";

    private static readonly IReadOnlyList<TowerFormat> s_towers =
    [
        new("image", new HuggingFaceBlip2Vision(), "vision_config", "vision_model."),
        new(Side.BridgeName, new HuggingFaceBlip2QFormer(), "qformer_config", "qformer."),
        new("text", new HuggingFaceOpt(), "text_config", "language_model."),
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceBlip2;

    public override IReadOnlyList<ConfigRow> Rows { get; } =
    [
        ConfigRow.Fixed("model_type", "blip-2"),
        ConfigRow.Written("architectures", static _ => new object?[] { ClassName }),
        ConfigRow.Size("num_query_tokens", static m => (long)Queries(m)) with { Default = 32L },
        ConfigRow.Fixed("use_decoder_only_language_model", true),
        ConfigRow.Fixed("is_encoder_decoder", [false]),
    ];

    // What retrieval is wide, and which id stands for a picture's tokens, which are not read.
    public override IReadOnlyList<string> Neutral => [.. HuggingFaceConfig.Neutral, "image_text_hidden_size", "image_token_index", "tie_word_embeddings", .. HuggingFaceBlip2QFormer.OfText, .. HuggingFaceBlip2Vision.Unread];

    protected override string Composition => "Blip2";

    protected override string[] Ignored => ["*position_ids", "language_model.lm_head.weight"];

    protected override IEnumerable<TensorRule> Own =>
    [
        new("query_tokens", "qformer.embeddings.queries") { Stored = static s => [1, .. s] },
        new("language_projection.weight", "projection.weight"),
        new("language_projection.bias", "projection.bias"),
    ];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == "blip-2" && HuggingFaceConfig.Class(config) != HuggingFaceBlip2Retrieval.ClassName;

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (!Holds(model, p))
        {
            return;
        }

        foreach (var format in s_towers)
        {
            format.Validate(model, p, OneWidth);
        }

        if (model.Get<CausalLanguageModelAttribute>() is { } l)
        {
            Require(p, l, nameof(l.Tied), l.Tied, true);
        }
    }

    protected override IReadOnlyList<TowerFormat> Towers(BoundModel model) => s_towers;

    protected override IReadOnlyList<TowerFormat> Towers(ConfigFile config) => s_towers;

    protected override void Scaffold(ConfigFile config, CheckpointFamily family, ScaffoldedModel tower)
    {
        if (family is HuggingFaceBlip2QFormer)
        {
            tower.Reads = "image";
            tower.Set("Queries", config.Integer("num_query_tokens") ?? 32, "num_query_tokens");
        }
        else if (family is HuggingFaceOpt && config.Under("text_config") is var text && text.Integer("word_embed_proj_dim") is { } narrow && narrow != (text.Integer("hidden_size") ?? narrow))
        {
            text.Fail<object>("word_embed_proj_dim", narrow, "the value of hidden_size: narrower rows are filled by the reference with what comes next of all samples' queries, so that it mixes pictures");
        }
    }

    protected override void Objective(ConfigFile config, ScaffoldedModel s)
    {
        s.Add("CausalLanguageModel");
        s.Add("Freeze");
        s.Set("Freeze", "parts", new[] { "image", "text" }, null);
        if (HuggingFaceConfig.Class(config) is var name && name != "" && name != ClassName)
        {
            s.Fail<object>("architectures", name, ClassName);
        }
    }

    // Where tokens are narrower than the decoder, the reference's scatter fills their rows with what comes next of all samples' queries, and so mixes pictures.
    private void OneWidth(ProblemList p, TransformerAttribute o)
    {
        if (o is TextTransformerAttribute text)
        {
            Require(p, o, nameof(text.EmbeddingWidth), text.EmbeddingWidth, 0);
        }
    }

    private static int Queries(BoundModel model) => ((QFormerAttribute<object>)Side.All(model)[1].Options!).Queries;
}
