namespace ModelCompiler.Models.Small;

/// <summary>The pictures of <see cref="ShapesCaptioner"/>, and what the queries of <see cref="ShapesQueries"/> read.</summary>
[VisionTransformer(ImageSize = 32, PatchSize = 8, Width = 64, Depth = 4, Heads = 4, ClassToken = false, Pooling = Pooling.None, InitialDeviation = 0.1)]
public partial class CaptionedPictures;

/// <summary>What <see cref="ShapesCaptioner"/> says, word by word.</summary>
[TransformerDecoder(Tokenizer = "Small/captions", Context = 12, Width = 64, Depth = 2, Heads = 4, PaddingToken = 0, InitialDeviation = 0.1, Attentions = true)]
public partial class PictureSentences;

/// <summary>Says what is in a picture of 32 pixels and where. Its tower of pictures is the one that <see cref="ShapesPretraining"/> and <see cref="ShapesTeller"/> keep as it is.</summary>
[EncoderDecoder<CaptionedPictures, PictureSentences>]
[CausalLanguageModel]
[AdamW(LearningRate = 2e-3, WeightDecay = 0.1, Beta2 = 0.98), CosineSchedule(Warmup = 100, Steps = 10_000), ClipGradients(1.0)]
public partial class ShapesCaptioner;
