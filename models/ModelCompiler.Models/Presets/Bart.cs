namespace ModelCompiler.Models.Presets;

/// <summary>What <see cref="BartBase"/> reads.</summary>
[TransformerEncoder(
    Vocabulary = 50265, Context = 1024, Width = 768, Depth = 6, Heads = 12, NormPlacement = NormPlacement.Post, EmbeddingNorm = true, PositionOffset = 2, CountPadding = true,
    PaddingToken = 1, EmbeddingDropout = 0.1, AttentionDropout = 0.1, ResidualDropout = 0.1)]
public partial class BartReader;

/// <summary>What <see cref="BartBase"/> says of it.</summary>
[TransformerDecoder(
    Vocabulary = 50265, Context = 1024, Width = 768, Depth = 6, Heads = 12, NormPlacement = NormPlacement.Post, EmbeddingNorm = true, PositionOffset = 2, CountPadding = true,
    PaddingToken = 1, LearnPadding = Toggle.Off, EmbeddingDropout = 0.1, AttentionDropout = 0.1, ResidualDropout = 0.1)]
public partial class BartWriter;

/// <summary>
/// BART-base (Lewis et al. 2019, arXiv:1910.13461; facebook/bart-base): 139 million parameters, and a bias of the logits that is stored and does not learn. The rates are those with which
/// fairseq teaches it to summarise.
/// </summary>
[EncoderDecoder<BartReader, BartWriter>]
[Share("embeddings.token")]
[CausalLanguageModel(Bias = true, LabelSmoothing = 0.1)]
[Freeze("decoder.head.bias")]
[AdamW(LearningRate = 3e-5, WeightDecay = 0.01), LinearSchedule(Warmup = 500, Steps = 20_000), ClipGradients(0.1)]
[Checkpoint(CheckpointFormat.HuggingFaceBart)]
public partial class BartBase;
