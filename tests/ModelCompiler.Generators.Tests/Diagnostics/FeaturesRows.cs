namespace ModelCompiler.Generators.Tests.Diagnostics;

/// <summary>Mistakes in models of given vectors.</summary>
internal static class FeaturesRows
{
    private const string Towers = """
        [PrecomputedFeatures(Width = 8)] public partial class Given;
        [PrecomputedFeatures(Tokens = 3, Width = 8, Pooling = Pooling.None)] public partial class Several;
        [VisionTransformer(ImageSize = 8, PatchSize = 4, Width = 8, Depth = 1, Heads = 2)] public partial class Looks;
        [TransformerDecoder(Vocabulary = 11, Context = 6, Width = 8, Depth = 1, Heads = 2)] public partial class Says;
        [QFormer<Looks>(Queries = 2, Width = 8, Depth = 1, Heads = 2, CrossEvery = 1)] public partial class Asks;
        """;

    public static IReadOnlyList<Row> All { get; } =
    [
        new("MC1001", Model("[|PrecomputedFeatures|](Tokens = 3)"), "Width is missing: set it to 1 or more"),
        new("MC1002", Model("PrecomputedFeatures(Width = 8, Tokens = [|65537|])"), "Tokens (65537) must be 1 to 65536; nearest: 65536"),
        new("MC1004", Model("PrecomputedFeatures(Width = 8, Pooling = [|Pooling.Last|])"), "Pooling.Last is of texts or patches; legal for given vectors: None, Cls, Mean; nearest: Mean"),
        new("MC1005", Model("PrecomputedFeatures(Width = 8, Padded = [|true|])"), "Padded says that a sample may have fewer vectors than Tokens, and Tokens is 1: set Tokens to the most that a sample has, or leave Padded out"),
        new("MC1009", Model("PrecomputedFeatures(Width = [|65536|], Tokens = 65536)"), "Width (65536) is too large: Width x Tokens is 4,294,967,296 values; one tensor has at most 2,147,483,647; nearest: 32767"),
        new("MC2003", Model("PrecomputedFeatures(Width = 8), [|Classification|](Classes = 3)"), "[Classification] trains parameters, and given vectors have none: give it to a model that names 'M', such as one with [DualEncoder<TFirst, TSecond>] or [QFormer<TImage>]"),
        new("MC1005", Model("PrecomputedFeatures(Width = 8), [|AdamW|]"), "[AdamW] is of parameters that train, and given vectors have none: remove it"),
        new("MC1005", Model("PrecomputedFeatures(Width = 8), [|Freeze|](\"embeddings\")"), "[Freeze] is of parameters that train, and given vectors have none: remove it"),
        new("MC1005", Model("DualEncoder<Given, [|Several|]>(Embedding = 4)"), "'Several' has no vector for a whole sample, because its Pooling is None: set Pooling of its PrecomputedFeatures to Cls or Mean"),
        new("MC2005", Model("[|DualEncoder<Given, Given>|](Projection = Projection.None, Scale = SimilarityScale.Fixed), Contrastive"),
            "no part has parameters that learn, so there is nothing to train: project what is compared, or leave the objective out"),
        new("MC1004", Model("DualEncoder<Given, Given>(Projection = Projection.None), Contrastive, [|Share|](\"blocks\")"), "[Share] makes a part of one tower that of another, and 'second' has no parameters: remove it"),
        new("MC2006", Model("EncoderDecoder<Looks, [|Given|]>"), "'Given' has no tokens of its own, and TDecoder says one after the other: name a class with [TransformerDecoder]"),
        new("MC1004", Model("Blip2<Several, [|Asks|], Says>"), "'Asks' reads 'Looks', and TImage is 'Several': name the same tower in both"),
        new("MC1007", Model("QFormer<[|Looks|]>(Queries = 2, Width = 8, Depth = 1, Heads = 2, CrossEvery = 1), Checkpoint(CheckpointFormat.HuggingFaceBlip2QFormer)"),
            "of 'Looks', HuggingFaceBlip2QFormer checkpoints hold no tower of pictures: name a class with [PrecomputedFeatures], or use CheckpointFormat.Native"),
    ];

    private static string Model(string attributes) => $"[{attributes}] public partial class M; {Towers}";
}
