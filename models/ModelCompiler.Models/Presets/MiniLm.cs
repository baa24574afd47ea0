namespace ModelCompiler.Models.Presets;

/// <summary>
/// all-MiniLM-L6-v2, a sentence encoder (Wang et al. 2020; sentence-transformers): 22.6 million parameters. Its vectors are compared by the cosine:
/// divide each by its length.
/// </summary>
[TransformerEncoder(
    Vocabulary = 30522, Context = 512, Segments = 2, Width = 384, Depth = 6, Heads = 12, FeedForward = 1536, NormPlacement = NormPlacement.Post, NormEpsilon = 1e-12,
    EmbeddingNorm = true, Pooling = Pooling.Mean, PaddingToken = 0, EmbeddingDropout = 0.1, AttentionDropout = 0.1, ResidualDropout = 0.1)]
[Checkpoint(CheckpointFormat.HuggingFaceBert)]
public partial class MiniLm;
