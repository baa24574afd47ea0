using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>BLIP-2's first stage as Hugging Face transformers stores it (Blip2ForImageTextRetrieval). Its similarities are cosines; the temperature of training is not kept.</summary>
internal sealed class HuggingFaceBlip2Retrieval : TowersFamily
{
    /// <summary>The class of such files.</summary>
    public const string ClassName = "Blip2ForImageTextRetrieval";

    private const string QFormer = "qformer_config";

    private static readonly IReadOnlyList<TowerFormat> s_towers =
    [
        new("image", new HuggingFaceBlip2Vision(CheckpointFormat.HuggingFaceBlip2Retrieval), "vision_config", "vision_model."),
        new(Side.BridgeName, new HuggingFaceBlip2QFormer(CheckpointFormat.HuggingFaceBlip2Retrieval, readsText: true), QFormer, "qformer."),
        new("text", new HuggingFaceBlip2QFormerText(), QFormer, ""),
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceBlip2Retrieval;

    public override IReadOnlyList<ConfigRow> Rows { get; } =
    [
        ConfigRow.Fixed("model_type", "blip-2"),
        ConfigRow.Written("architectures", static _ => new object?[] { ClassName }),
        ConfigRow.Size("num_query_tokens", static m => (long)((QFormerAttribute<object>)Side.All(m)[1].Options!).Queries) with { Default = 32L },
        ConfigRow.Size("image_text_hidden_size", "Embedding", 256),
        ConfigRow.Fixed("is_encoder_decoder", [false]),
    ];

    // A decoder of text that the class does not have.
    public override IReadOnlyList<string> Neutral =>
        [.. HuggingFaceConfig.Neutral, "text_config", "use_decoder_only_language_model", "image_token_index", "tie_word_embeddings", .. HuggingFaceBlip2QFormer.OfText, .. HuggingFaceBlip2Vision.Unread];

    protected override string Composition => "Blip2Pretraining";

    protected override string[] Ignored => ["*position_ids"];

    protected override IEnumerable<TensorRule> Own =>
    [
        new("query_tokens", "qformer.embeddings.queries") { Stored = static s => [1, .. s] },
        .. TensorRule.Both("vision_projection", "image_projection"),
        .. TensorRule.Both("text_projection", "text_projection"),
        .. TensorRule.Both("itm_head", QueryPretraining.MatchHead),
    ];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == "blip-2" && HuggingFaceConfig.Class(config) == ClassName;

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (!Holds(model, p))
        {
            return;
        }

        foreach (var format in s_towers)
        {
            format.Validate(model, p, static (_, _) => { });
        }

        var o = (Blip2PretrainingAttribute<object, object, object>)model.Architecture;
        Require(p, o, nameof(o.Scale), o.Scale, SimilarityScale.Fixed, SimilarityScale.None);
        var (bridge, text) = (Side.All(model)[1].Transformer, Side.All(model)[2].Transformer);
        if (ConfigRow.FeedForward(bridge) != ConfigRow.FeedForward(text))
        {
            p.Add(Rules.FormatCannotExpress, o, "TText", $"{Format} checkpoints have one width for the feed-forward of queries and of texts: give both the same, or store the model as CheckpointFormat.Native");
        }
    }

    protected override IReadOnlyList<TowerFormat> Towers(BoundModel model) => s_towers;

    protected override IReadOnlyList<TowerFormat> Towers(ConfigFile config) => s_towers;

    protected override void Scaffold(ConfigFile config, CheckpointFamily family, ScaffoldedModel tower)
    {
        switch (family)
        {
            case HuggingFaceBlip2QFormer:
                tower.Reads = "image";
                tower.Set("Queries", config.Integer("num_query_tokens") ?? 32, "num_query_tokens");
                break;
            case HuggingFaceBlip2QFormerText:
                LavisQFormerText.Shared(config.Under(QFormer), tower);
                break;
        }
    }

    protected override void Objective(ConfigFile config, ScaffoldedModel s)
    {
        s.Set("Scale", SimilarityScale.Fixed);
        s.Add("QueryContrastive");
        s.Add("ImageTextMatching");
        s.Add("Freeze");
        s.Set("Freeze", "parts", new[] { "image" }, null);
    }
}
