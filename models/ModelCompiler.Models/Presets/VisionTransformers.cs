namespace ModelCompiler.Models.Presets;

/// <summary>ViT-Ti/16 at 224 pixels (Touvron et al. 2020; timm's vit_tiny_patch16_224): 5.7 million parameters.</summary>
[VisionTransformer(ImageSize = 224, PatchSize = 16, Width = 192, Depth = 12, Heads = 3)]
[Classification(Classes = 1000)]
[AdamW(LearningRate = 1e-3, WeightDecay = 0.05), CosineSchedule(Warmup = 5_000, Steps = 300_000), ClipGradients(1.0)]
[Checkpoint(CheckpointFormat.TimmVit)]
public partial class VitTiny;

/// <summary>ViT-S/16 at 224 pixels (timm's vit_small_patch16_224): 22.1 million parameters.</summary>
[VisionTransformer(ImageSize = 224, PatchSize = 16, Width = 384, Depth = 12, Heads = 6)]
[Classification(Classes = 1000)]
[AdamW(LearningRate = 1e-3, WeightDecay = 0.05), CosineSchedule(Warmup = 5_000, Steps = 300_000), ClipGradients(1.0)]
[Checkpoint(CheckpointFormat.TimmVit)]
public partial class VitSmall;

/// <summary>ViT-B/16 at 224 pixels (Dosovitskiy et al. 2020; google/vit-base-patch16-224): 86.6 million parameters.</summary>
[VisionTransformer(ImageSize = 224, PatchSize = 16, Width = 768, Depth = 12, Heads = 12, NormEpsilon = 1e-12)]
[Classification(Classes = 1000)]
[AdamW(LearningRate = 1e-3, WeightDecay = 0.1), CosineSchedule(Warmup = 10_000, Steps = 300_000), ClipGradients(1.0)]
[Checkpoint(CheckpointFormat.HuggingFaceVit)]
public partial class VitBase;
