using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>SigLIP as Hugging Face transformers stores it (SiglipModel): pictures pooled by attention, text at its last position with a head, a learned scale and bias.</summary>
internal sealed class HuggingFaceSiglip : HuggingFaceTowers
{
    private static readonly IReadOnlyList<TowerFormat> s_towers = [new("image", new HuggingFaceSiglipVision(), "vision_config", ""), new("text", new HuggingFaceSiglipText(), "text_config", "")];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceSiglip;

    protected override string ModelType => "siglip";

    protected override string ClassName => "SiglipModel";

    protected override IReadOnlyList<ConfigRow> OwnRows => [];

    protected override IEnumerable<TensorRule> Own => [new("logit_scale", JointSpace.LogitScale), new("logit_bias", JointSpace.LogitBias)];

    protected override IReadOnlyList<TowerFormat> Towers(BoundModel model) => s_towers;

    protected override IReadOnlyList<TowerFormat> Towers(ConfigFile config) => s_towers;

    protected override void Objective(ConfigFile config, ScaffoldedModel s)
    {
        s.Set("Projection", Projection.None);
        s.Set("Temperature", 0.1);
        s.Set("ScaleLimit", 0.0);
        s.Set("Bias", true);
        s.Add("PairwiseSigmoid");
    }

    protected override void Options(BoundModel model, CompositionAttribute o, ProblemList p)
    {
        Require(p, o, nameof(o.Projection), o.Projection, Projection.None);
        Require(p, o, nameof(o.Bias), o.Bias, true);
    }
}
