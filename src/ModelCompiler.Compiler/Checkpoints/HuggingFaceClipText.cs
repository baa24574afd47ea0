using ModelCompiler.Compiler.Spec;
using static ModelCompiler.Compiler.Checkpoints.HuggingFaceClipLayers;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>CLIP's tower of text, alone (CLIPTextModel, CLIPTextModelWithProjection) or within a model of two.</summary>
internal class HuggingFaceClipText(CheckpointFormat format = CheckpointFormat.HuggingFaceClipText) : HuggingFaceClipTower("clip_text_model", "CLIPTextModel")
{
    // transformers took 2 for every end token once: such files mean the greatest id of a row.
    private const long HighestId = 2;

    // The last id of the published vocabulary, so that a row's greatest id is this one.
    private const long EndToken = 49407;

    public override CheckpointFormat Format => format;

    protected override IReadOnlyList<ConfigRow> OwnRows { get; } =
    [
        .. HuggingFaceClipLayers.Rows(width: 512, heads: 8, feedForward: 2048, "quick_gelu", 1e-5),
        ConfigRow.Size("vocab_size", "Vocabulary", 49408),
        ConfigRow.Size("max_position_embeddings", "Context", 77),
        ConfigRow.Size("eos_token_id", static m => m.Architecture is TextTransformerAttribute { Pooling: Pooling.End } o ? (long)o.EndToken : HighestId, static (v, s) =>
        {
            s.Set("Pooling", v == HighestId ? Pooling.HighestId : Pooling.End);
            s.Set("EndToken", v == HighestId ? -1L : v);
        }) with
        {
            Default = EndToken,
            OlderDefault = HighestId,
            IsImplied = static m => m.Architecture is TextTransformerAttribute { Pooling: Pooling.HighestId, Vocabulary: (int)EndToken + 1 },
        },
    ];

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<TransformerDecoderAttribute>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Text, nameof(o.EndToken), .. Expressed]);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.On);
        Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.End, Pooling.HighestId);
        if (o.EndToken == HighestId)
        {
            p.Add(Rules.FormatCannotExpress, o, nameof(o.EndToken), $"EndToken is {HighestId}, which {Format} checkpoints take for the greatest id of a row: change it, or store the model as CheckpointFormat.Native");
        }

        Require(p, o, nameof(o.LearnPadding), o.LearnPadding, Toggle.Auto, Toggle.On);
        RequireBiases(p, o, Biases.All);
        Projection(p, o);
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model) =>
    [
        new("text_model.embeddings.token_embedding.weight", "embeddings.token.weight"),
        new("text_model.embeddings.position_embedding.weight", "embeddings.position.weight"),
        .. Blocks("text_model."),
        .. TensorRule.Both("text_model.final_layer_norm", "final_norm"),
        new("text_projection.weight", "pool_projection.weight"),
    ];

    protected override void ScaffoldTower(ScaffoldedModel s) => s.Add("TransformerDecoder");
}
