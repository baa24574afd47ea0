namespace ModelCompiler.Models.Presets;

/// <summary>GPT-2, the smallest published one (Radford et al. 2019; gpt2): 124 million parameters.</summary>
[TransformerDecoder(
    Vocabulary = 50257, Context = 1024, Width = 768, Depth = 12, Heads = 12, Activation = Activation.GeluTanh, Initialization = Initialization.ScaledNormal,
    EmbeddingDropout = 0.1, AttentionDropout = 0.1, ResidualDropout = 0.1)]
[CausalLanguageModel]
[AdamW(LearningRate = 6e-4, Beta2 = 0.95, WeightDecay = 0.1), CosineSchedule(Warmup = 2_000, Steps = 600_000, Minimum = 0.1), ClipGradients(1.0)]
[Checkpoint(CheckpointFormat.HuggingFaceGpt2)]
public partial class Gpt2;
