namespace ModelCompiler.Benchmarks.Training;

/// <summary>
/// nanoGPT's small setting for a CPU: no biases, every matrix and table decays. Weights start twice as wide as there, which suits a
/// width of 128: with 0.02 the loss ends 0.12 higher, here and under libtorch alike.
/// </summary>
[TransformerDecoder(
    Vocabulary = 65, Context = 64, Width = 128, Depth = 4, Heads = 4, Biases = Biases.None, Initialization = Initialization.ScaledNormal, InitialDeviation = 0.04)]
[CausalLanguageModel]
[AdamW(LearningRate = 1e-3, Beta2 = 0.99, WeightDecay = 0.1, DecayEmbeddings = true), CosineSchedule(Warmup = 100, Steps = 2_000, Minimum = 0.1), ClipGradients(1.0)]
public partial class NanoGpt;

/// <summary>A ViT for digits of 28 pixels: 16 patches, their mean.</summary>
[VisionTransformer(ImageSize = 28, PatchSize = 7, Channels = 1, Width = 128, Depth = 4, Heads = 4, ClassToken = false, Pooling = Pooling.Mean)]
[Classification(Classes = 10)]
[AdamW(LearningRate = 1e-3, WeightDecay = 0.05), CosineSchedule(Warmup = 400, Steps = 4_000), ClipGradients(1.0)]
public partial class DigitVit;

/// <summary>The pictures of <see cref="CompositionClip"/>.</summary>
[VisionTransformer(ImageSize = 32, PatchSize = 8, Width = 64, Depth = 4, Heads = 4, ClassToken = false, Pooling = Pooling.Mean, InitialDeviation = 0.1)]
public partial class CompositionPictures;

/// <summary>The captions of <see cref="CompositionClip"/>, a word a token.</summary>
[TransformerDecoder(Vocabulary = 155, Context = 12, Width = 64, Depth = 2, Heads = 4, PaddingToken = 0, Pooling = Pooling.End, EndToken = 3, InitialDeviation = 0.1)]
public partial class CompositionCaptions;

/// <summary>
/// A CLIP of single shapes. Pairs of one caption are right for each other, since no picture tells them apart.
/// </summary>
[Clip<CompositionPictures, CompositionCaptions>(Embedding = 64)]
[Contrastive(ByIds = true)]
[AdamW(LearningRate = 2e-3, WeightDecay = 0.1, Beta2 = 0.98), CosineSchedule(Warmup = 100, Steps = 30_000), ClipGradients(1.0)]
public partial class CompositionClip;
