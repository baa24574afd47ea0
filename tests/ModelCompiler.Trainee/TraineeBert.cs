namespace ModelCompiler.Trainee;

/// <summary>A small model with every input that text has: masks, positions, segments and two kinds of targets.</summary>
[TransformerEncoder(
    Vocabulary = 20, Context = 12, Width = 16, Depth = 2, Heads = 2, Segments = 2, NormPlacement = NormPlacement.Post, EmbeddingNorm = true, Pooling = Pooling.Cls, Pooler = Pooler.Tanh,
    ResidualDropout = 0.1)]
[MaskedLanguageModel(NextSentence = true)]
[AdamW(LearningRate = 1e-3), LinearSchedule(Warmup = 10, Steps = 100), ClipGradients(1.0)]
public partial class TraineeBert;
