namespace ModelCompiler.Models.Presets;

/// <summary>The tower of pictures of <see cref="SiglipB16"/>.</summary>
[VisionTransformer(ImageSize = 224, PatchSize = 16, Width = 768, Depth = 12, Heads = 12, Activation = Activation.GeluTanh, ClassToken = false, Pooling = Pooling.Attention)]
public partial class SiglipPictures;

/// <summary>The tower of text of <see cref="SiglipB16"/>: rows are padded to 64 tokens, and padding is read like any other token.</summary>
[TransformerEncoder(Vocabulary = 32000, Context = 64, Width = 768, Depth = 12, Heads = 12, Activation = Activation.GeluTanh, NormEpsilon = 1e-6,
    AttendPadding = true, Pooling = Pooling.Last, Pooler = Pooler.Linear)]
public partial class SiglipTexts;

/// <summary>SigLIP-B/16 at 224 pixels, 203M parameters: loads google/siglip-base-patch16-224 as it is published.</summary>
[Clip<SiglipPictures, SiglipTexts>(Projection = Projection.None, Temperature = 0.1, ScaleLimit = 0, Bias = true)]
[PairwiseSigmoid]
[AdamW(LearningRate = 1e-3, Beta2 = 0.95, WeightDecay = 1e-4), CosineSchedule(Warmup = 6_500, Steps = 100_000), ClipGradients(1.0)]
[Checkpoint(CheckpointFormat.HuggingFaceSiglip)]
public partial class SiglipB16;
