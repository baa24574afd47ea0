namespace ModelCompiler.Models.Small;

/// <summary>What <see cref="Translator"/> reads: pieces of words of both languages as a byte-level tokenizer numbers them; 0 pads, 1 begins and 2 ends a text.</summary>
[TransformerEncoder(
    Vocabulary = 6_000, Context = 64, Width = 256, Depth = 3, Heads = 4, FeedForward = 512, Activation = Activation.Relu, Positions = Positions.Sinusoidal, ScaleEmbeddings = true,
    PaddingToken = 0, InitialDeviation = 0.06, EmbeddingDropout = 0.1, ResidualDropout = 0.15)]
public partial class TranslatorReader;

/// <summary>What <see cref="Translator"/> says of it, in the same pieces.</summary>
[TransformerDecoder(
    Vocabulary = 6_000, Context = 64, Width = 256, Depth = 3, Heads = 4, FeedForward = 512, Activation = Activation.Relu, Positions = Positions.Sinusoidal, ScaleEmbeddings = true,
    PaddingToken = 0, LearnPadding = Toggle.Off, InitialDeviation = 0.06, EmbeddingDropout = 0.1, ResidualDropout = 0.15)]
public partial class TranslatorWriter;

/// <summary>
/// Translates one language into another: the transformer of Vaswani et al. 2017 with norms before its sub-layers, and one table of pieces for what is read, what is said and the logits.
/// </summary>
[EncoderDecoder<TranslatorReader, TranslatorWriter>]
[Share("embeddings.token")]
[CausalLanguageModel(LabelSmoothing = 0.1)]
[AdamW(LearningRate = 1e-3, Beta2 = 0.98, WeightDecay = 0.01), LinearSchedule(Warmup = 400, Steps = 3_600), ClipGradients(1.0)]
public partial class Translator;
