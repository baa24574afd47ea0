using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>The queries' side of LAVIS's Q-Former: a BERT with cross-attention and a feed-forward of the queries' own.</summary>
internal sealed class LavisQFormer : CheckpointFamily
{
    public override CheckpointFormat Format => CheckpointFormat.LavisBlip2;

    public override IReadOnlyList<ConfigRow> Rows => BertQFormer.Rows;

    // What the texts' side reads.
    public override IReadOnlyList<string> Neutral { get; } = [.. new LavisQFormerText().Rows.Select(static r => r.Key)];

    public override bool Recognises(ConfigFile config) => false;

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s) => s.Add("QFormer");

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<QFormerAttribute<object>>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Transformer, nameof(o.Queries), nameof(o.CrossEvery)]);
        RequireBiases(p, o, Biases.All);
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model) => BertQFormer.Tensors("embeddings.LayerNorm", "self");
}
