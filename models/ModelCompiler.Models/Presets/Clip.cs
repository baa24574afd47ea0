namespace ModelCompiler.Models.Presets;

/// <summary>The tower of pictures of <see cref="ClipVitB32"/>.</summary>
[VisionTransformer(ImageSize = 224, PatchSize = 32, Width = 768, Depth = 12, Heads = 12, Activation = Activation.QuickGelu, NormEpsilon = 1e-5,
    EmbeddingNorm = true, PoolNorm = true, FinalNorm = Toggle.Off, Biases = Biases.All & ~Biases.Patch)]
public partial class ClipPictures32;

/// <summary>The tower of pictures of <see cref="ClipVitB16"/>.</summary>
[VisionTransformer(ImageSize = 224, PatchSize = 16, Width = 768, Depth = 12, Heads = 12, Activation = Activation.QuickGelu, NormEpsilon = 1e-5,
    EmbeddingNorm = true, PoolNorm = true, FinalNorm = Toggle.Off, Biases = Biases.All & ~Biases.Patch)]
public partial class ClipPictures16;

/// <summary>The tower of text of CLIP's base models; their files name 2 as the end token, which means the greatest id.</summary>
[TransformerDecoder(Vocabulary = 49408, Context = 77, Width = 512, Depth = 12, Heads = 8, Activation = Activation.QuickGelu, Pooling = Pooling.HighestId)]
public partial class ClipTexts;

/// <summary>CLIP ViT-B/32, 151M parameters: loads openai/clip-vit-base-patch32 as it is published.</summary>
[Clip<ClipPictures32, ClipTexts>(Embedding = 512)]
[Contrastive]
[AdamW(LearningRate = 5e-4, Beta2 = 0.98, Epsilon = 1e-6, WeightDecay = 0.2), CosineSchedule(Warmup = 2_000, Steps = 400_000)]
[Checkpoint(CheckpointFormat.HuggingFaceClip)]
public partial class ClipVitB32;

/// <summary>CLIP ViT-B/16, 150M parameters: loads openai/clip-vit-base-patch16 as it is published.</summary>
[Clip<ClipPictures16, ClipTexts>(Embedding = 512)]
[Contrastive]
[AdamW(LearningRate = 5e-4, Beta2 = 0.98, Epsilon = 1e-6, WeightDecay = 0.2), CosineSchedule(Warmup = 2_000, Steps = 400_000)]
[Checkpoint(CheckpointFormat.HuggingFaceClip)]
public partial class ClipVitB16;
