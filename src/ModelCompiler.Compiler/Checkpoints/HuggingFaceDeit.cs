using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>DeiT as Hugging Face transformers stores it: ViT with a distillation token (DeiTModel, DeiTForImageClassification, DeiTForImageClassificationWithTeacher).</summary>
internal sealed class HuggingFaceDeit : HuggingFaceVit
{
    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        .. HuggingFaceConfig.Rows("deit", static m => m.Get<ClassificationAttribute>() switch { null => "DeiTModel", { Distilled: true } => "DeiTForImageClassificationWithTeacher", _ => "DeiTForImageClassification" }),
        .. Sizes,
        .. Classic,
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceDeit;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    protected override string ModelType => "deit";

    protected override string[] Expressed => [.. base.Expressed, nameof(VisionTransformerAttribute.DistillationToken)];

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("VisionTransformer");
        s.Set("DistillationToken", true);
        var name = HuggingFaceConfig.Class(config);
        switch (name)
        {
            case "DeiTForImageClassification" or "DeiTForImageClassificationWithTeacher":
                HuggingFaceConfig.Classification(config, s);
                s.Set("Classification", "Distilled", name.EndsWith("WithTeacher", StringComparison.Ordinal), "architectures");
                break;
            case "" or "DeiTModel":
                ScaffoldPooler(config, tensors, s);
                break;
            default:
                s.Fail<object>("architectures", name, "DeiTModel, DeiTForImageClassification, DeiTForImageClassificationWithTeacher");
                break;
        }
    }

    protected override void Options(BoundModel model, VisionTransformerAttribute o, ProblemList p)
    {
        base.Options(model, o, p);
        Require(p, o, nameof(o.DistillationToken), o.DistillationToken, true);
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model) => model.Get<ClassificationAttribute>() is { Distilled: true }
        ? [.. base.Tensors(model).Where(static r => !r.Name.StartsWith("classifier.", StringComparison.Ordinal)), .. Both("", "cls_classifier", "head"), .. Both("", "distillation_classifier", "distillation_head")]
        : base.Tensors(model);
}
