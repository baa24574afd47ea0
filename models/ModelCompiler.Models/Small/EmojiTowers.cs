namespace ModelCompiler.Models.Small;

/// <summary>The pictures of <see cref="EmojiTowers"/>.</summary>
[VisionTransformer(ImageSize = 32, PatchSize = 8, Width = 128, Depth = 4, Heads = 4, ClassToken = false, Pooling = Pooling.Mean, InitialDeviation = 0.06)]
public partial class EmojiDrawings;

/// <summary>The names of <see cref="EmojiTowers"/>: pieces of words as a WordPiece tokenizer numbers them that was trained on their captions; 0 pads.</summary>
[TransformerEncoder(Vocabulary = 2_000, Context = 12, Width = 128, Depth = 1, Heads = 4, PaddingToken = 0, Pooling = Pooling.Mean, InitialDeviation = 0.06)]
public partial class EmojiNames;

/// <summary>
/// A CLIP of emoji and their names: pictures of one emoji by several drawers are right for one name. What was chosen here was
/// chosen by training without Twemoji's pictures and testing on those: never by the drawer that tests are made with.
/// </summary>
[Clip<EmojiDrawings, EmojiNames>(Embedding = 128)]
[Contrastive(ByIds = true)]
[AdamW(LearningRate = 2e-3, WeightDecay = 0.1, Beta2 = 0.98), CosineSchedule(Warmup = 200, Steps = 2_500), ClipGradients(1.0), AverageWeights(0.998)]
public partial class EmojiTowers;

/// <summary>
/// What a published encoder of sentences makes of captions, as a table that stays as it is: a row holds one caption, whose vector was computed once. A block over
/// that one vector and the projection behind it are what learns.
/// </summary>
[TransformerEncoder(Vocabulary = 5_667, Context = 1, Width = 384, Depth = 1, Heads = 6, FeedForward = 384, Positions = Positions.None, LayerScale = 0.01, Pooling = Pooling.Mean, EmbeddingDropout = 0.1)]
public partial class EmojiSentences;

/// <summary>
/// As <see cref="EmojiTowers"/>, with a frozen side of text that knows what words mean which no picture came with. What the encoder finds alike is to stay alike: its
/// similarities of captions and names are the teacher's.
/// </summary>
[Clip<EmojiDrawings, EmojiSentences>(Embedding = 384)]
[Contrastive(ByIds = true), SimilarityDistillation(TeacherWidth = 384, TeacherScale = 20)]
[Freeze("text.embeddings.token")]
[AdamW(LearningRate = 2e-3, WeightDecay = 0.1, Beta2 = 0.98), CosineSchedule(Warmup = 400, Steps = 6_200), ClipGradients(1.0), AverageWeights(0.998)]
public partial class EmojiLocked;
