using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>What the Q-Former within BLIP-2 has for texts alone: tables that lie beside it, and a feed-forward.</summary>
internal sealed class HuggingFaceBlip2QFormerText() : BertQFormerText(vocabulary: 30522)
{
    // What the queries' side reads.
    private static readonly IReadOnlyList<string> s_others = [.. new HuggingFaceBlip2QFormer().Rows.Select(static r => r.Key)];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceBlip2Retrieval;

    public override IReadOnlyList<string> Neutral => [.. HuggingFaceConfig.Neutral, .. HuggingFaceBlip2QFormer.OfText, .. s_others];

    public override IEnumerable<TensorRule> Tensors(BoundModel model) => BertQFormer.TextTensors("", "qformer.");
}
