namespace ModelCompiler.Generators.Tests.Emission;

/// <summary>The tiny models whose emitted files are kept.</summary>
internal static class SnapshotModels
{
    public static IReadOnlyDictionary<string, string> Sources { get; } = new Dictionary<string, string>
    {
        ["TinyVit"] = """
            namespace Snapshots;

            [VisionTransformer(ImageSize = 8, PatchSize = 4, Width = 8, Depth = 2, Heads = 2), Classification(Classes = 3)]
            [Checkpoint(CheckpointFormat.HuggingFaceVit)]
            public partial class TinyVit;
            """,
        ["TinyBert"] = """
            namespace Snapshots;

            [TransformerEncoder(
                Vocabulary = 11, Context = 6, Segments = 2, PaddingToken = 0, Width = 8, Depth = 2, Heads = 2, NormPlacement = NormPlacement.Post, EmbeddingNorm = true,
                Pooling = Pooling.Cls, Pooler = Pooler.Tanh)]
            [MaskedLanguageModel(NextSentence = true)]
            public partial class TinyBert;
            """,
        ["TinyGpt"] = """
            namespace Snapshots;

            [TransformerDecoder(Vocabulary = 11, Context = 6, Width = 8, Depth = 2, Heads = 2, Activation = Activation.GeluTanh, Recompute = true), CausalLanguageModel]
            [AdamW(WeightDecay = 0.1), CosineSchedule(Warmup = 10, Steps = 100, Minimum = 0.1), ClipGradients(1.0)]
            public partial class TinyGpt;
            """,
        ["TinyTrained"] = """
            namespace Snapshots;

            [VisionTransformer(
                ImageSize = 8, PatchSize = 4, Width = 8, Depth = 3, Heads = 2, Norm = Norm.Rms, LayerScale = 0.1, Registers = 1, HiddenStates = true,
                EmbeddingDropout = 0.1, AttentionDropout = 0.2, ResidualDropout = 0.3, HeadDropout = 0.4)]
            [Classification(Classes = 2, MultiLabel = true), Freeze("embeddings", "blocks.0.attention.query")]
            [Lion(WeightDecay = 0.2), InverseSquareRootSchedule(Warmup = 5), Accumulate(4), AverageWeights(0.99)]
            public partial class TinyTrained;
            """,
        ["TinyClip"] = """
            namespace Snapshots;

            [VisionTransformer(ImageSize = 8, PatchSize = 4, Width = 8, Depth = 2, Heads = 2)]
            public partial class TinyClipPictures;

            [TransformerDecoder(Vocabulary = 11, Context = 6, Width = 12, Depth = 1, Heads = 2, Pooling = Pooling.End, EndToken = 10)]
            public partial class TinyClipWords;

            [Clip<TinyClipPictures, TinyClipWords>(Embedding = 4), Contrastive]
            public partial class TinyClip;
            """,
        ["TinyGpu"] = """
            namespace Snapshots;

            [TransformerDecoder(Vocabulary = 11, Context = 6, Width = 8, Depth = 2, Heads = 2, ResidualDropout = 0.1), CausalLanguageModel]
            [ClipGradients(1.0)]
            public partial class TinyGpu;
            """,
    };
}
