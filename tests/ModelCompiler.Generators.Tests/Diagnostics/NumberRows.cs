using static ModelCompiler.Generators.Tests.Harness.Models;

namespace ModelCompiler.Generators.Tests.Diagnostics;

/// <summary>Real numbers out of range, among them those that are no numbers.</summary>
internal static class NumberRows
{
    public static IReadOnlyList<Row> All { get; } =
    [
        new("MC1002", Vit("NormEpsilon = [|0|]"), "NormEpsilon (0) must be above 0 and below 1; usual: 1E-05"),
        new("MC1002", Vit("NormEpsilon = [|double.NaN|]"), "NormEpsilon (NaN) must be above 0 and below 1; usual: 1E-05"),
        new("MC1002", Vit("LayerScale = [|-0.5|]"), "LayerScale (-0.5) must be at least 0 and below 1000000; nearest: 0"),
        new("MC1002", Vit("LayerScale = [|double.PositiveInfinity|]"), "LayerScale (Infinity) must be at least 0 and below 1000000; usual: 1E-05"),
        new("MC1002", Gpt("RotaryBase = [|1|]"), "RotaryBase (1) must be above 1 and below 1000000000000; usual: 10000"),
        new("MC1002", Vit("EmbeddingDropout = [|10|]"), "EmbeddingDropout (10) must be at least 0 and below 1; usual: 0.1"),
        new("MC1002", Vit("AttentionDropout = [|1.0|]"), "AttentionDropout (1) must be at least 0 and below 1; usual: 0.1"),
        new("MC1002", Vit("ResidualDropout = [|-0.1|]"), "ResidualDropout (-0.1) must be at least 0 and below 1; nearest: 0"),
        new("MC1002", Vit("HeadDropout = [|double.NegativeInfinity|]"), "HeadDropout (-Infinity) must be at least 0 and below 1; nearest: 0"),
        new("MC1002", Vit("InitialDeviation = [|0|]"), "InitialDeviation (0) must be above 0 and below 1000; usual: 0.02"),
        new("MC1002", Train("AdamW(LearningRate = [|0|])"), "LearningRate (0) must be above 0 and below 1000; usual: 0.001"),
        new("MC1002", Train("AdamW(WeightDecay = [|-0.01|])"), "WeightDecay (-0.01) must be at least 0 and below 1000; nearest: 0"),
        new("MC1002", Train("AdamW(Beta1 = [|1|])"), "Beta1 (1) must be at least 0 and below 1; usual: 0.9"),
        new("MC1002", Train("AdamW(Beta2 = [|1.5|])"), "Beta2 (1.5) must be at least 0 and below 1; usual: 0.999"),
        new("MC1002", Train("AdamW(Epsilon = [|0|])"), "Epsilon (0) must be above 0 and below 1; usual: 1E-08"),
        new("MC1002", Train("Lion(Beta1 = [|-1|])"), "Beta1 (-1) must be at least 0 and below 1; nearest: 0"),
        new("MC1002", Train("Lion(Beta2 = [|1|])"), "Beta2 (1) must be at least 0 and below 1; usual: 0.99"),
        new("MC1002", Train("Sgd(Momentum = [|1|])"), "Momentum (1) must be at least 0 and below 1; usual: 0.9"),
        new("MC1002", Train("ClipGradients([|0|])"), "norm (0) must be above 0 and finite; usual: 1"),
        new("MC1002", Train("ClipGradients(norm: [|double.PositiveInfinity|])"), "norm (Infinity) must be above 0 and finite; usual: 1"),
        new("MC1002", Train("AverageWeights([|1|])"), "decay (1) must be at least 0 and below 1; usual: 0.999"),
        new("MC1002", Train("Accumulate([|0|])"), "batches (0) must be 1 to 1048576; nearest: 1"),
        new("MC1002", Train("CosineSchedule(Warmup = [|-1|], Steps = 5)"), "Warmup (-1) must be 0 to 2147483646; nearest: 0"),
        new("MC1002", Train("CosineSchedule(Warmup = 100, Steps = [|100|])"), "Steps (100) must be more than Warmup (100); nearest: 101"),
        new("MC1002", Train("LinearSchedule(Steps = [|-5|])"), "Steps (-5) must be 1 to 2147483647; nearest: 1"),
        new("MC1002", Train("CosineSchedule(Steps = 5, Minimum = [|2|])"), "Minimum (2) must be 0 to 1, a part of the full rate; nearest: 1"),
        new("MC1002", Train("LinearSchedule(Steps = 5, Minimum = [|double.NaN|])"), "Minimum (NaN) must be 0 to 1, a part of the full rate; nearest: 0"),
        new("MC1002", Train("InverseSquareRootSchedule(Warmup = [|0|])"), "Warmup (0) must be 1 to 2147483647; nearest: 1"),
    ];

    private static string Train(string attribute) => Vit(attributes: ", Classification(Classes = 2), " + attribute);
}
