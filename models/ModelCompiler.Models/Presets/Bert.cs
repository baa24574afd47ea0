namespace ModelCompiler.Models.Presets;

/// <summary>BERT-base, uncased (Devlin et al. 2018; bert-base-uncased) with both objectives of its pre-training: 110 million parameters.</summary>
[TransformerEncoder(
    Vocabulary = 30522, Context = 512, Segments = 2, Width = 768, Depth = 12, Heads = 12, NormPlacement = NormPlacement.Post, NormEpsilon = 1e-12,
    EmbeddingNorm = true, Pooling = Pooling.Cls, Pooler = Pooler.Tanh, PaddingToken = 0, EmbeddingDropout = 0.1, AttentionDropout = 0.1, ResidualDropout = 0.1, HeadDropout = 0.1)]
[MaskedLanguageModel(NextSentence = true)]
[AdamW(LearningRate = 1e-4, WeightDecay = 0.01), LinearSchedule(Warmup = 10_000, Steps = 1_000_000), ClipGradients(1.0)]
[Checkpoint(CheckpointFormat.HuggingFaceBert)]
public partial class BertBase;
