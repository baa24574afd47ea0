namespace ModelCompiler.Benchmarks.Steps;

/// <summary>A GPT over characters, as small as they come.</summary>
[TransformerDecoder(Vocabulary = 65, Context = 64, Width = 128, Depth = 4, Heads = 4)]
[CausalLanguageModel]
[AdamW(LearningRate = 1e-4, WeightDecay = 0.1), ClipGradients(1.0)]
public partial class Gpt128;

/// <summary>A GPT over characters with the blocks of a small model.</summary>
[TransformerDecoder(Vocabulary = 65, Context = 256, Width = 384, Depth = 6, Heads = 6)]
[CausalLanguageModel]
[AdamW(LearningRate = 1e-4, WeightDecay = 0.1), ClipGradients(1.0)]
public partial class Gpt384;

/// <summary>Four blocks of GPT-2 with its whole vocabulary.</summary>
[TransformerDecoder(Vocabulary = 50257, Context = 256, Width = 768, Depth = 4, Heads = 12)]
[CausalLanguageModel]
[AdamW(LearningRate = 1e-4, WeightDecay = 0.1), ClipGradients(1.0)]
public partial class Gpt768;

/// <summary>ViT-S/16 at 224 pixels.</summary>
[VisionTransformer(ImageSize = 224, PatchSize = 16, Width = 384, Depth = 12, Heads = 6)]
[Classification(Classes = 1000)]
[AdamW(LearningRate = 1e-4, WeightDecay = 0.1), ClipGradients(1.0)]
public partial class VitS;

/// <summary>Four blocks of BERT-base with its whole vocabulary.</summary>
[TransformerEncoder(
    Vocabulary = 30522, Context = 128, Segments = 2, Width = 768, Depth = 4, Heads = 12, NormPlacement = NormPlacement.Post, NormEpsilon = 1e-12, EmbeddingNorm = true)]
[MaskedLanguageModel]
[AdamW(LearningRate = 1e-4, WeightDecay = 0.1), ClipGradients(1.0)]
public partial class Bert768;

/// <summary>ViT-S/16 at 128 pixels: the pictures of <see cref="ClipS"/>.</summary>
[VisionTransformer(ImageSize = 128, PatchSize = 16, Width = 384, Depth = 12, Heads = 6)]
public partial class ClipPictures;

/// <summary>Half as many blocks over CLIP's vocabulary: the texts of <see cref="ClipS"/>.</summary>
[TransformerDecoder(Vocabulary = 49_408, Context = 32, Width = 384, Depth = 6, Heads = 6, Pooling = Pooling.Last)]
public partial class ClipTexts;

/// <summary>A small CLIP.</summary>
[Clip<ClipPictures, ClipTexts>(Embedding = 384)]
[Contrastive]
[AdamW(LearningRate = 1e-4, WeightDecay = 0.1), ClipGradients(1.0)]
public partial class ClipS;

/// <summary>The frozen tower of <see cref="QFormerS"/>: 49 patches and a class token, one block.</summary>
[VisionTransformer(ImageSize = 112, PatchSize = 16, Width = 384, Depth = 1, Heads = 6)]
public partial class QFormerPictures;

/// <summary>The queries of <see cref="QFormerS"/>.</summary>
[QFormer<QFormerPictures>(Queries = 32, Width = 384, Depth = 6, Heads = 6)]
public partial class QFormerQueries;

/// <summary>The texts of <see cref="QFormerS"/>, with BERT's vocabulary and the token that begins what is said.</summary>
[TransformerEncoder(Vocabulary = 30_523, Context = 32, Width = 384, Depth = 6, Heads = 6, NormPlacement = NormPlacement.Post, NormEpsilon = 1e-12, EmbeddingNorm = true, PaddingToken = 0)]
public partial class QFormerTexts;

/// <summary>The first stage of a small BLIP-2, all three objectives.</summary>
[Blip2Pretraining<QFormerPictures, QFormerQueries, QFormerTexts>(Embedding = 256)]
[QueryContrastive, ImageTextMatching, ImageGroundedText(StartToken = 30_522)]
[Freeze("image")]
[AdamW(LearningRate = 1e-4, WeightDecay = 0.05), ClipGradients(1.0)]
public partial class QFormerS;
