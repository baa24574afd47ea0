using ModelCompiler.Compiler.Layers;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>Hugging Face's models of two towers: a configuration for each, projections without biases and a learned scale.</summary>
internal abstract class HuggingFaceTowers : TwoTowers
{
    /// <summary>The value of <c>model_type</c>.</summary>
    protected abstract string ModelType { get; }

    /// <summary>The class that the files are written by.</summary>
    protected abstract string ClassName { get; }

    /// <summary>Width of the joint space, and the logarithm of the scale.</summary>
    protected virtual IReadOnlyList<ConfigRow> OwnRows { get; } =
    [
        ConfigRow.Size("projection_dim", "Embedding", 512),
        ConfigRow.LogScale("logit_scale_init_value", 2.6592),
    ];

    public override IReadOnlyList<ConfigRow> Rows => [ConfigRow.Fixed("model_type", ModelType), ConfigRow.Written("architectures", _ => new object?[] { ClassName }), .. OwnRows];

    // What pads texts is the tower's to say.
    public override IReadOnlyList<string> Neutral => [.. HuggingFaceConfig.Neutral, "pad_token_id"];

    protected override string[] Ignored => ["*position_ids"];

    protected override IEnumerable<TensorRule> Own => [Scalar("logit_scale", JointSpace.LogitScale), new("visual_projection.weight", "image_projection.weight"), new("text_projection.weight", "text_projection.weight")];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == ModelType;

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        base.Scaffold(config, tensors, s);
        if (HuggingFaceConfig.Class(config) is var name && name != "" && name != ClassName)
        {
            s.Fail<object>("architectures", name, ClassName);
        }
    }
}
