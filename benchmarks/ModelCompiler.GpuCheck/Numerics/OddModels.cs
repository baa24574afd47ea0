namespace ModelCompiler.GpuCheck.Numerics;

/// <summary>A GPT with what the zoo's small ones have not: sizes that no tile divides, dropout, recomputation, grouped heads, rotary positions, gates.</summary>
[TransformerDecoder(
    Vocabulary = 37, Context = 19, Width = 36, Depth = 2, Heads = 6, KeyHeads = 2, FeedForward = 52, Norm = Norm.Rms, Biases = Biases.None, Gated = true,
    Activation = Activation.Silu, Positions = Positions.Rotary, Recompute = true, EmbeddingDropout = 0.1, AttentionDropout = 0.2, ResidualDropout = 0.1)]
[CausalLanguageModel]
[Lion(LearningRate = 1e-4, WeightDecay = 0.1), ClipGradients(1.0)]
public partial class OddGpt;

/// <summary>A ViT with sizes that no tile divides, mean pooling, layer scale and a frozen embedding.</summary>
[VisionTransformer(
    ImageSize = 15, PatchSize = 5, Width = 28, Depth = 2, Heads = 4, FeedForward = 44, ClassToken = false, Pooling = Pooling.Mean, LayerScale = 0.5, HeadDropout = 0.1)]
[Classification(Classes = 5)]
[Sgd(LearningRate = 1e-2, Momentum = 0.9), ClipGradients(1.0), Freeze("embeddings")]
public partial class OddVit;

/// <summary>A GPT with dropout where GPT-2 has it, whose masks cost kernels of their own.</summary>
[TransformerDecoder(Vocabulary = 65, Context = 16, Width = 64, Depth = 2, Heads = 2, EmbeddingDropout = 0.1, AttentionDropout = 0.1, ResidualDropout = 0.1)]
[CausalLanguageModel]
[AdamW(LearningRate = 1e-4, WeightDecay = 0.1), ClipGradients(1.0)]
public partial class DropoutGpt;

/// <summary>A GPT in mixed precision, of which tensor cores take products and attention.</summary>
[TransformerDecoder(Vocabulary = 65, Context = 96, Width = 64, Depth = 2, Heads = 2, EmbeddingDropout = 0.1, AttentionDropout = 0.1)]
[CausalLanguageModel, MixedPrecision(Precision.BFloat16)]
[AdamW(LearningRate = 1e-4, WeightDecay = 0.1), ClipGradients(1.0)]
public partial class MixedGpt;

/// <summary>Two of GPT-2's layers: products large enough for cuBLAS, where it is found.</summary>
[TransformerDecoder(Vocabulary = 65, Context = 1_024, Width = 768, Depth = 2, Heads = 12, Activation = Activation.GeluTanh, EmbeddingDropout = 0.1, AttentionDropout = 0.1, ResidualDropout = 0.1)]
[CausalLanguageModel]
[AdamW(LearningRate = 1e-4, WeightDecay = 0.1), ClipGradients(1.0)]
public partial class WideGpt;

/// <summary>The same in mixed precision.</summary>
[TransformerDecoder(Vocabulary = 65, Context = 1_024, Width = 768, Depth = 2, Heads = 12, Activation = Activation.GeluTanh, EmbeddingDropout = 0.1, AttentionDropout = 0.1, ResidualDropout = 0.1)]
[CausalLanguageModel, MixedPrecision(Precision.BFloat16)]
[AdamW(LearningRate = 1e-4, WeightDecay = 0.1), ClipGradients(1.0)]
public partial class WideMixedGpt;

/// <summary>Pictures of <see cref="OddSiglip"/> and <see cref="OddMomentum"/>: sizes that no tile divides, pooling by attention.</summary>
[VisionTransformer(ImageSize = 15, PatchSize = 5, Width = 28, Depth = 1, Heads = 4, FeedForward = 44, ClassToken = false, Pooling = Pooling.Attention, InitialDeviation = 0.1)]
public partial class OddPictures;

/// <summary>Texts of both, whose padding is read.</summary>
[TransformerEncoder(Vocabulary = 37, Context = 7, Width = 20, Depth = 1, Heads = 2, AttendPadding = true, Pooling = Pooling.Last, InitialDeviation = 0.1)]
public partial class OddTexts;

/// <summary>A SigLIP: each pair is judged by itself.</summary>
[Clip<OddPictures, OddTexts>(Embedding = 12, Temperature = 0.1, ScaleLimit = 0, Bias = true)]
[PairwiseSigmoid]
[AdamW(LearningRate = 1e-3, WeightDecay = 0.1), ClipGradients(1.0)]
public partial class OddSiglip;

/// <summary>A CLIP with copies that follow and a queue of what they said, which the seventh batch begins anew.</summary>
[Clip<OddPictures, OddTexts>(Embedding = 12, Momentum = 0.9, Queue = 12)]
[Contrastive]
[AdamW(LearningRate = 1e-3, WeightDecay = 0.1), ClipGradients(1.0)]
public partial class OddMomentum;
