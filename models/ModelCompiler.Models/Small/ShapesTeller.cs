namespace ModelCompiler.Models.Small;

/// <summary>Eight queries that read a picture in each of two blocks.</summary>
[QFormer<CaptionedPictures>(Queries = 8, Width = 64, Depth = 2, Heads = 4, CrossEvery = 1, InitialDeviation = 0.1, Attentions = true)]
public partial class ShapesQueries;

/// <summary>Captions beside the queries; the token behind the tokenizer's last one begins what is said.</summary>
[TransformerEncoder(Tokenizer = "Small/captions", Vocabulary = 156, Context = 12, Width = 64, Depth = 2, Heads = 4, NormPlacement = NormPlacement.Post, NormEpsilon = 1e-12, EmbeddingNorm = true,
    PaddingToken = 0, InitialDeviation = 0.1)]
public partial class QueriedCaptions;

/// <summary>The first stage: queries learn to find in a picture what captions say of it. The tower of pictures was trained before, by <see cref="ShapesCaptioner"/>.</summary>
[Blip2Pretraining<CaptionedPictures, ShapesQueries, QueriedCaptions>(Embedding = 32)]
[QueryContrastive(ByIds = true), ImageTextMatching, ImageGroundedText(StartToken = 155)]
[Freeze("image")]
[AdamW(LearningRate = 1e-3, WeightDecay = 0.05, Beta2 = 0.98), CosineSchedule(Warmup = 100, Steps = 2_000), ClipGradients(1.0)]
public partial class ShapesPretraining;

/// <summary>A language model of captions, which has never seen a picture. Rotary positions are the same wherever a row begins: behind a picture it begins later.</summary>
[TransformerDecoder(Tokenizer = "Small/captions", Context = 20, Width = 64, Depth = 2, Heads = 4, Positions = Positions.Rotary, PaddingToken = 0, InitialDeviation = 0.1)]
[CausalLanguageModel]
[AdamW(LearningRate = 2e-3, WeightDecay = 0.1, Beta2 = 0.98), CosineSchedule(Warmup = 100, Steps = 1_000), ClipGradients(1.0)]
public partial class ShapesSpeaker;

/// <summary>The second stage: what the queries find is put before the words of <see cref="ShapesSpeaker"/>. Queries and the projection learn, the tower of pictures and the speaker stay as they are.</summary>
[Blip2<CaptionedPictures, ShapesQueries, ShapesSpeaker>]
[CausalLanguageModel]
[Freeze("image", "text")]
[AdamW(LearningRate = 1e-3, WeightDecay = 0.05, Beta2 = 0.98), CosineSchedule(Warmup = 100, Steps = 3_000), ClipGradients(1.0)]
public partial class ShapesTeller;
