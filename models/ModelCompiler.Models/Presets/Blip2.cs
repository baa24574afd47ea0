namespace ModelCompiler.Models.Presets;

/// <summary>The tower of pictures of <see cref="Blip2VitG"/>: EVA's ViT-g/14 without its last block, 986 million parameters.</summary>
[VisionTransformer(ImageSize = 224, PatchSize = 14, Width = 1408, Depth = 39, Heads = 16, FeedForward = 6144, FinalNormEpsilon = 1e-5, Biases = Biases.All & ~Biases.Key, Pooling = Pooling.None)]
public partial class EvaVitG;

/// <summary>The Q-Former of BLIP-2: BERT-base with 32 queries that read the picture in every second block.</summary>
[QFormer<EvaVitG>(Queries = 32, Width = 768, Depth = 12, Heads = 12, EmbeddingDropout = 0.1, AttentionDropout = 0.1, ResidualDropout = 0.1)]
public partial class Blip2Queries;

/// <summary>The texts beside its queries: bert-base-uncased's vocabulary, and [DEC].</summary>
[TransformerEncoder(Vocabulary = 30_523, Context = 512, PaddingToken = 0, Width = 768, Depth = 12, Heads = 12, NormPlacement = NormPlacement.Post, NormEpsilon = 1e-12, EmbeddingNorm = true,
    EmbeddingDropout = 0.1, AttentionDropout = 0.1, ResidualDropout = 0.1)]
public partial class Blip2Texts;

/// <summary>
/// BLIP-2's Q-Former in its first stage, 187 million parameters over a frozen ViT-g (Li et al. 2023, arXiv:2301.12597): loads LAVIS's blip2_pretrained once that is stored as safetensors with a
/// configuration. With its tower it takes 4.7 GB of weights.
/// </summary>
[Blip2Pretraining<EvaVitG, Blip2Queries, Blip2Texts>(Embedding = 256)]
[QueryContrastive(OwnSideOnly = true), ImageTextMatching, ImageGroundedText(StartToken = 30_522)]
[Freeze("image.embeddings", "image.blocks")]
[AdamW(LearningRate = 1e-4, Beta2 = 0.98, WeightDecay = 0.05), CosineSchedule(Warmup = 5_000, Steps = 250_000)]
[Checkpoint(CheckpointFormat.LavisBlip2)]
public partial class Blip2VitG;
