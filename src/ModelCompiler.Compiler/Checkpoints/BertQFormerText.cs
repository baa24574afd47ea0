using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>The part of BLIP-2's Q-Former that is for texts alone, as both formats have it.</summary>
/// <param name="vocabulary">Tokens where the configuration does not say it.</param>
internal abstract class BertQFormerText(int vocabulary) : CheckpointFamily
{
    public sealed override IReadOnlyList<ConfigRow> Rows { get; } =
    [
        ConfigRow.Size("vocab_size", "Vocabulary", vocabulary),
        ConfigRow.Size("max_position_embeddings", "Context", 512),
        ConfigRow.Padding() with { Default = 0L },
    ];

    public sealed override bool Recognises(ConfigFile config) => false;

    public sealed override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("TransformerEncoder");
        s.Set("NormPlacement", NormPlacement.Post);
        s.Set("EmbeddingNorm", true);
    }

    public sealed override void Validate(BoundModel model, ProblemList p)
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
}
