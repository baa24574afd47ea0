namespace ModelCompiler.Models.Small;

/// <summary>A GPT over characters: 65 of them, as tiny Shakespeare has.</summary>
[TransformerDecoder(Vocabulary = 65, Context = 64, Width = 128, Depth = 4, Heads = 4, Initialization = Initialization.ScaledNormal)]
[CausalLanguageModel]
[AdamW(LearningRate = 1e-3, Beta2 = 0.99, WeightDecay = 0.1), CosineSchedule(Warmup = 100, Steps = 2_000, Minimum = 0.1), ClipGradients(1.0)]
public partial class CharacterGpt;

/// <summary>A GPT over the characters of ShapesWorld's captions.</summary>
[TransformerDecoder(Vocabulary = 32, Context = 96, Width = 96, Depth = 3, Heads = 3, Initialization = Initialization.ScaledNormal)]
[CausalLanguageModel]
[AdamW(LearningRate = 2e-3, Beta2 = 0.99, WeightDecay = 0.1), CosineSchedule(Warmup = 50, Steps = 600, Minimum = 0.1), ClipGradients(1.0)]
public partial class CaptionGpt;
