using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>CLIP as Hugging Face transformers stores it (CLIPModel).</summary>
internal sealed class HuggingFaceClip : HuggingFaceTowers
{
    private static readonly IReadOnlyList<TowerFormat> s_towers =
    [
        new("image", new HuggingFaceClipVision(CheckpointFormat.HuggingFaceClip), "vision_config", "") { Repeat = "vision_config_dict" },
        new("text", new HuggingFaceClipText(CheckpointFormat.HuggingFaceClip), "text_config", "") { Repeat = "text_config_dict" },
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceClip;

    protected override string ModelType => "clip";

    protected override string ClassName => "CLIPModel";

    protected override IReadOnlyList<TowerFormat> Towers(BoundModel model) => s_towers;

    protected override IReadOnlyList<TowerFormat> Towers(ConfigFile config) => s_towers;

    // The towers' own projections are this model's.
    protected override void Tower(CompositionAttribute c, CheckpointFamily family, TransformerAttribute o, ProblemList p) => Require(p, o, nameof(o.Pooler), o.Pooler, Pooler.None);
}
