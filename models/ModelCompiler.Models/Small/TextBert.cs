namespace ModelCompiler.Models.Small;

/// <summary>A BERT with both objectives of its pre-training, over 2,000 pieces of words: small enough to learn from captions in a minute.</summary>
[TransformerEncoder(
    Vocabulary = 2_000, Context = 64, Segments = 2, Width = 128, Depth = 2, Heads = 4, NormPlacement = NormPlacement.Post, EmbeddingNorm = true, NormEpsilon = 1e-12,
    Pooling = Pooling.Cls, Pooler = Pooler.Tanh, PaddingToken = 0)]
[MaskedLanguageModel(NextSentence = true)]
[AdamW(LearningRate = 1e-3, WeightDecay = 0.01), LinearSchedule(Warmup = 100, Steps = 1_000), ClipGradients(1.0)]
public partial class TextBert;
