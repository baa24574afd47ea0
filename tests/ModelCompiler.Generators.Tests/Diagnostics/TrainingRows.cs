using static ModelCompiler.Generators.Tests.Harness.Models;

namespace ModelCompiler.Generators.Tests.Diagnostics;

/// <summary>Optimizers, schedules and frozen parts.</summary>
internal static class TrainingRows
{
    private const string Parts = "the model has embeddings, blocks.0, final_norm, head and what is below them";

    public static IReadOnlyList<Row> All { get; } =
    [
        new("MC1001", Train("[|CosineSchedule|](Warmup = 5)"), "Steps is missing: set it to 1 or more"),
        new("MC1001", Train("[|LinearSchedule|]"), "Steps is missing: set it to 1 or more"),
        new("MC1001", Train("[|InverseSquareRootSchedule|]"), "Warmup is missing: set it to 1 or more"),
        new("MC1001", Train("[|Freeze|]"), "Freeze names no parts: name some, such as \"embeddings\", or remove the attribute"),
        new("MC1001", Train("[|Freeze|]()"), "Freeze names no parts: name some, such as \"embeddings\", or remove the attribute"),
        new("MC1001", Train("Freeze([|null!|])"), "Freeze names no parts: name some, such as \"embeddings\", or remove the attribute"),
        new("MC1005", Train("Sgd(Momentum = 0, Nesterov = [|true|])"), "Nesterov needs a Momentum above 0, but Momentum is 0: set it to 0.9, for example, or leave Nesterov out"),
        new("MC1005", Vit(attributes: ", [|AdamW|](LearningRate = 1e-3)"), Idle("AdamW")),
        new("MC1005", Vit(attributes: ", [|ConstantSchedule|]"), Idle("ConstantSchedule")),
        new("MC1005", Vit(attributes: ", [|ClipGradients|](1.0)"), Idle("ClipGradients")),
        new("MC1005", Vit(attributes: ", [|Accumulate|](2)"), Idle("Accumulate")),
        new("MC1005", Vit(attributes: ", [|AverageWeights|](0.99)"), Idle("AverageWeights")),
        new("MC1005", Vit(attributes: ", [|MixedPrecision|](Precision.BFloat16)"), Idle("MixedPrecision")),
        new("MC1008", Train("MixedPrecision([|(Precision)7|])"), "activations (7) is no value of Precision; legal: BFloat16; nearest: BFloat16"),
        new("MC2002", "[MixedPrecision(Precision.BFloat16)] public partial class [|M|];", "'M' needs an architecture: add one of [Blip2], [Blip2Pretraining], [Clip], [DualEncoder], [EncoderDecoder], [PrecomputedFeatures], [QFormer], [TransformerDecoder], [TransformerEncoder], [VisionTransformer]"),
        new("MC1006", Train("Freeze([|\"embedings\"|])"), $"there is no part 'embedings'; nearest: 'embeddings'; {Parts}"),
        new("MC1006", Train("Freeze(\"head\", [|\"blocks.7\"|])"), $"there is no part 'blocks.7'; nearest: 'blocks.0'; {Parts}"),
        new("MC1006", Train("Freeze(parts: [|\"\"|])"), $"there is no part ''; nearest: 'head'; {Parts}"),
        new("MC1006", Train("Freeze([|(string)null!|], \"head\")"), $"there is no part ''; nearest: 'head'; {Parts}"),
        new("MC1006", Train("Freeze(new string[] { \"head\", [|\"Head\"|] })"), $"there is no part 'Head'; nearest: 'head'; {Parts}"),
        new("MC1006", Train("Freeze(new[] { \"head\", [|\"head.wait\"|] })"), $"there is no part 'head.wait'; nearest: 'head.weight'; {Parts}"),
        new("MC1006", Train("Freeze([\"head\", [|\"hea\" + \"p\"|]])"), $"there is no part 'heap'; nearest: 'head'; {Parts}"),
        new("MC1006", Vit("Depth = 12", ", Freeze([|\"blocks.12\"|])"), "there is no part 'blocks.12'; nearest: 'blocks.11'; the model has embeddings, blocks.0 to blocks.11, final_norm and what is below them"),
        new("MC2004", Train("AdamW, [|Lion|]"), "'M' has the optimizer [AdamW] already, and a model has one: remove [AdamW] or [Lion]"),
        new("MC2004", Train("CosineSchedule(Steps = 5), [|ConstantSchedule|]"), "'M' has the schedule [CosineSchedule] already, and a model has one: remove [CosineSchedule] or [ConstantSchedule]"),
        new("MC2005", Train("[|Freeze|](\"embeddings\", \"blocks\", \"final_norm\", \"head\")"), "every parameter is frozen, so there is nothing to train: freeze fewer parts, or leave the objective out"),
    ];

    private static string Train(string attribute) => Vit(attributes: ", Classification(Classes = 2), " + attribute);

    private static string Idle(string name) =>
        $"[{name}] trains a loss, and 'M' has none: add one of [CausalLanguageModel], [Classification], [FeatureRegression], [MaskedLanguageModel], [SupervisedContrastive], or remove [{name}]";
}
