using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>
/// BLIP-2's first stage under the names of LAVIS (<c>Blip2Qformer</c>), with either of its towers of pictures. The tower's last norm lies beside it (<c>ln_vision</c>). LAVIS itself writes no
/// configuration: the keys are those of its class's arguments.
/// </summary>
internal sealed class LavisBlip2 : TowersFamily
{
    private const string QFormer = "qformer";

    private static readonly IReadOnlyList<TowerFormat>
        s_eva = Of(new LavisEva()),
        s_clip = Of(new LavisClipVision());

    public override CheckpointFormat Format => CheckpointFormat.LavisBlip2;

    public override IReadOnlyList<ConfigRow> Rows { get; } =
    [
        ConfigRow.Fixed("model_type", "blip2_stage1"),
        ConfigRow.Size("embed_dim", "Embedding", 256),
        ConfigRow.Size("num_query_token", static m => (long)Bridge(m).Queries) with { Default = 32L },
        ConfigRow.Size("cross_attention_freq", static m => (long)Bridge(m).CrossEvery) with { Default = 2L },
        ConfigRow.Integer("special_ids.bos", static m => m.Get<ImageGroundedTextAttribute>() is { } g ? (long)g.StartToken : ConfigRow.Absent) with { IsCompared = false },
        ConfigRow.Integer("special_ids.pad", static m => (long)((TextTransformerAttribute)Side.All(m)[2].Options!).PaddingToken) with { Default = 0L },
        ConfigRow.Flag("gathered_features_have_no_gradient", false, static m => m.Get<QueryContrastiveAttribute>() is { OwnSideOnly: true }) with { IsCompared = false },
        ConfigRow.Flag("freeze_vit", true, static m => m.Get<FreezeAttribute>() is { Parts: [_, ..] }) with { IsCompared = false },
        ConfigRow.Choice<bool>("vision.kind", ["eva", "clip"], static m => IsClip(m) ? "clip" : "eva", static v => v is "eva" or "clip" ? true : null),
        ConfigRow.Written("reference", static _ => "salesforce/LAVIS lavis/models/blip2_models/blip2_qformer.py"),
    ];

    public override IReadOnlyList<string> Neutral => ["special_ids", "vision", QFormer];

    protected override string Composition => "Blip2Pretraining";

    // A buffer, and what is tied.
    protected override string[] Ignored => ["*position_ids", "Qformer.cls.predictions.decoder.weight", "Qformer.cls.predictions.decoder.bias"];

    protected override IEnumerable<TensorRule> Own =>
    [
        new("query_tokens", "qformer.embeddings.queries") { Stored = static s => [1, .. s] },
        .. TensorRule.Both("ln_vision", "image.final_norm"),
        .. TensorRule.Both("vision_proj", "image_projection"),
        .. TensorRule.Both("text_proj", "text_projection"),
        .. TensorRule.Both("itm_head", QueryPretraining.MatchHead),
        new("temp", JointSpace.Temperature) { Stored = static _ => [] },
    ];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == "blip2_stage1";

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (!Holds(model, p))
        {
            return;
        }

        foreach (var format in Towers(model))
        {
            format.Validate(model, p, static (_, _) => { });
        }

        var o = (Blip2PretrainingAttribute<object, object, object>)model.Architecture;
        Require(p, o, nameof(o.Scale), o.Scale, SimilarityScale.LearnedTemperature);
        var (bridge, text) = (Side.All(model)[1].Transformer, Side.All(model)[2].Transformer);
        if (ConfigRow.FeedForward(bridge) != ConfigRow.FeedForward(text))
        {
            p.Add(Rules.FormatCannotExpress, o, "TText", $"{Format} checkpoints have one width for the feed-forward of queries and of texts: give both the same, or store the model as CheckpointFormat.Native");
        }
    }

    protected override IReadOnlyList<TowerFormat> Towers(BoundModel model) => IsClip(model) ? s_clip : s_eva;

    protected override IReadOnlyList<TowerFormat> Towers(ConfigFile config) => config.Text("vision.kind") == "clip" ? s_clip : s_eva;

    protected override void Scaffold(ConfigFile config, CheckpointFamily family, ScaffoldedModel tower)
    {
        switch (family)
        {
            case LavisQFormer:
                tower.Reads = "image";
                tower.Set("Queries", config.Integer("num_query_token") ?? 32, "num_query_token");
                tower.Set("CrossEvery", config.Integer("cross_attention_freq") ?? 2, "cross_attention_freq");
                break;
            case LavisQFormerText:
                LavisQFormerText.Shared(config.Under(QFormer), tower);
                break;
        }
    }

    protected override void Objective(ConfigFile config, ScaffoldedModel s)
    {
        s.Add("QueryContrastive");
        s.Set("QueryContrastive", "OwnSideOnly", config.Flag("gathered_features_have_no_gradient", false), "gathered_features_have_no_gradient");
        s.Add("ImageTextMatching");
        s.Add("ImageGroundedText");
        s.Set("ImageGroundedText", "StartToken", config.Integer("special_ids.bos") ?? 30522, "special_ids.bos");
        if (config.Flag("freeze_vit", true))
        {
            s.Add("Freeze");
            s.Set("Freeze", "parts", new[] { "image.embeddings", "image.blocks" }, "freeze_vit");
        }
    }

    private static IReadOnlyList<TowerFormat> Of(CheckpointFamily vision) =>
    [
        new("image", vision, "vision", "visual_encoder."),
        new(Side.BridgeName, new LavisQFormer(), QFormer, "Qformer.bert."),
        new("text", new LavisQFormerText(), QFormer, "Qformer."),
    ];

    // CLIP's has a norm before its blocks.
    private static bool IsClip(BoundModel model) => Side.All(model)[0].Options is TransformerAttribute { EmbeddingNorm: true };

    private static QFormerAttribute<object> Bridge(BoundModel model) => (QFormerAttribute<object>)Side.All(model)[1].Options!;
}
