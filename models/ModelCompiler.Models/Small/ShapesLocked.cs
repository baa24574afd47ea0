namespace ModelCompiler.Models.Small;

/// <summary>What <see cref="ShapesVit"/> makes of a picture: 16 patches and a class token, computed once by a model that stays as it is.</summary>
[PrecomputedFeatures(Tokens = 17, Width = 64, Pooling = Pooling.Cls)]
public partial class ShapesFeatures;

/// <summary>As <see cref="ShapesClip"/>, with a side of pictures that does not learn: its features come from a file, and a step costs what captions and projections do.</summary>
[Clip<ShapesFeatures, ShapesCaptions>(Embedding = 64, Projection = Projection.Mlp)]
[Contrastive]
[AdamW(LearningRate = 2e-3, WeightDecay = 0.1, Beta2 = 0.98), CosineSchedule(Warmup = 100, Steps = 3_000), ClipGradients(1.0)]
public partial class ShapesLocked;
