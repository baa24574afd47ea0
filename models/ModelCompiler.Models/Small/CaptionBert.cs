namespace ModelCompiler.Models.Small;

/// <summary>A BERT over the words of ShapesWorld's captions: it fills in a masked word.</summary>
[TransformerEncoder(
    Vocabulary = 64, Context = 24, Width = 64, Depth = 3, Heads = 4, NormPlacement = NormPlacement.Post, EmbeddingNorm = true, NormEpsilon = 1e-12, PaddingToken = 0)]
[MaskedLanguageModel]
[AdamW(LearningRate = 2e-3, WeightDecay = 0.01), LinearSchedule(Warmup = 50, Steps = 600), ClipGradients(1.0)]
public partial class CaptionBert;
