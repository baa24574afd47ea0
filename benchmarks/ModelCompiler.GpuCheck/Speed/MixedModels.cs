namespace ModelCompiler.GpuCheck.Speed;

/// <summary>GPT-2 124M as it is trained on GPUs: its vocabulary padded to a multiple of 64, as nanoGPT does. Rows of 50,257 elements of 16 bits begin at odd addresses.</summary>
[TransformerDecoder(Vocabulary = 50304, Context = 1024, Width = 768, Depth = 12, Heads = 12, Activation = Activation.GeluTanh)]
[CausalLanguageModel, MixedPrecision(Precision.BFloat16)]
[AdamW(LearningRate = 6e-4), ClipGradients(1.0)]
public partial class MixedGpt2;

/// <summary>ViT-B/16 as it is trained on GPUs.</summary>
[VisionTransformer(ImageSize = 224, PatchSize = 16, Width = 768, Depth = 12, Heads = 12)]
[Classification(Classes = 1000), MixedPrecision(Precision.BFloat16)]
[AdamW(LearningRate = 1e-3), ClipGradients(1.0)]
public partial class MixedVitBase;
