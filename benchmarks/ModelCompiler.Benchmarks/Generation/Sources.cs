namespace ModelCompiler.Benchmarks.Generation;

/// <summary>What the generator is given.</summary>
internal static class Sources
{
    /// <summary>A file without models.</summary>
    public const string Other = "namespace Demo; public static class Other { public static int Answer => 41; }";

    /// <summary>The same file behind an edit.</summary>
    public const string OtherEdited = "namespace Demo; public static class Other { public static int Answer => 42; /* now right */ }";

    /// <summary>GPT-2 with 124 million parameters where <paramref name="depth"/> is 12.</summary>
    public static string Gpt2(int depth) => $$"""
        namespace Demo;

        [ModelCompiler.TransformerDecoder(
            Vocabulary = 50257, Context = 1024, Width = 768, Depth = {{depth}}, Heads = 12, Activation = ModelCompiler.Activation.GeluTanh,
            Initialization = ModelCompiler.Initialization.ScaledNormal, EmbeddingDropout = 0.1, AttentionDropout = 0.1, ResidualDropout = 0.1)]
        [ModelCompiler.CausalLanguageModel]
        [ModelCompiler.AdamW(LearningRate = 6e-4, Beta2 = 0.95, WeightDecay = 0.1)]
        [ModelCompiler.CosineSchedule(Warmup = 2_000, Steps = 600_000, Minimum = 0.1)]
        [ModelCompiler.ClipGradients(1.0)]
        [ModelCompiler.Checkpoint(ModelCompiler.CheckpointFormat.HuggingFaceGpt2)]
        public partial class Gpt2;
        """;
}
