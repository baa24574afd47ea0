namespace ModelCompiler.Models.Small;

/// <summary>A ViT that tells five classes of pictures apart, and learns from mixed ones: its targets are probabilities.</summary>
[VisionTransformer(ImageSize = 32, PatchSize = 8, Width = 64, Depth = 4, Heads = 4, Pooling = Pooling.Mean, ClassToken = false)]
[Classification(Classes = 5, Targets = ClassTargets.Probabilities, LabelSmoothing = 0.1)]
[AdamW(LearningRate = 1e-3, WeightDecay = 0.05), CosineSchedule(Warmup = 100, Steps = 1_000), ClipGradients(1.0)]
public partial class FlowersVit;
