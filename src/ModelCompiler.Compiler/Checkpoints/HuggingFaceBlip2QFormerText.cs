using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>What the Q-Former within BLIP-2 has for texts alone: tables that lie beside it, and a feed-forward.</summary>
internal sealed class HuggingFaceBlip2QFormerText : CheckpointFamily
{
    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        ConfigRow.Size("vocab_size", "Vocabulary", 30522),
        ConfigRow.Size("max_position_embeddings", "Context", 512),
        ConfigRow.Padding() with { Default = 0L },
    ];

    // What the queries' side reads.
    private static readonly IReadOnlyList<string> s_others = [.. new HuggingFaceBlip2QFormer().Rows.Select(static r => r.Key)];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceBlip2Retrieval;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    public override IReadOnlyList<string> Neutral => [.. HuggingFaceConfig.Neutral, .. HuggingFaceBlip2QFormer.OfText, .. s_others];

    public override bool Recognises(ConfigFile config) => false;

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("TransformerEncoder");
        s.Set("NormPlacement", NormPlacement.Post);
        s.Set("EmbeddingNorm", true);
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<TransformerEncoderAttribute>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Text, nameof(o.NormPlacement), nameof(o.EmbeddingNorm)]);
        Require(p, o, nameof(o.EmbeddingNorm), o.EmbeddingNorm, true);
        Require(p, o, nameof(o.LearnPadding), o.LearnPadding, Toggle.Auto, Toggle.Off);
        RequireBiases(p, o, Biases.All);
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model) =>
    [
        new("embeddings.word_embeddings.weight", "embeddings.token.weight"),
        new("embeddings.position_embeddings.weight", "embeddings.position.weight"),
        .. TensorRule.Both("qformer.encoder.layer.{n}.intermediate.dense", "blocks.{n}.feed_forward.up"),
        .. TensorRule.Both("qformer.encoder.layer.{n}.output.dense", "blocks.{n}.feed_forward.down"),
        .. TensorRule.Both("qformer.encoder.layer.{n}.output.LayerNorm", "blocks.{n}.feed_forward_norm"),
    ];
}
