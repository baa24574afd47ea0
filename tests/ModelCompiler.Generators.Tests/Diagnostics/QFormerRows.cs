namespace ModelCompiler.Generators.Tests.Diagnostics;

/// <summary>Mistakes in models whose queries read pictures.</summary>
internal static class QFormerRows
{
    private const string Towers = """
        [VisionTransformer(ImageSize = 8, PatchSize = 4, Width = 8, Depth = 1, Heads = 2)] public partial class Looks;
        [VisionTransformer(ImageSize = 16, PatchSize = 4, Width = 8, Depth = 1, Heads = 2)] public partial class Other;
        [QFormer<Looks>(Queries = 5, Width = 8, Depth = 2, Heads = 2)] public partial class Asks;
        [TransformerDecoder(Vocabulary = 11, Context = 6, Width = 12, Depth = 1, Heads = 2)] public partial class Says;
        """;

    public static IReadOnlyList<Row> All { get; } =
    [
        new("MC1001", Model("[|QFormer<Looks>|](Width = 8, Depth = 2, Heads = 2)"), "Queries is missing: set it to 1 or more"),
        new("MC1002", Model("QFormer<Looks>(Queries = 5, Width = 8, Depth = 2, Heads = 2, CrossEvery = [|3|])"), "CrossEvery (3) must be 1 to 2; nearest: 2"),
        new("MC1004", Model("QFormer<Looks>(Queries = 5, Width = 8, Depth = 2, Heads = 2, Positions = [|Positions.Learned|])"), "Positions.Learned numbers tokens, and queries are learned, each on its own: leave Positions out"),
        new("MC1004", Model("QFormer<Looks>(Queries = 5, Width = 8, Depth = 2, Heads = 2, Pooling = [|Pooling.Last|])"), "Pooling.Last is of texts or patches; legal for queries: None, Cls, Mean, ClsAndMean; nearest: Mean"),
        new("MC1009", Model("QFormer<[|Looks|]>(Queries = 5, Width = 2, Depth = 1, Heads = 65536, HeadWidth = 4096, CrossEvery = 1)"),
            "TImage (8) is too large: the Width of what is read x 2 x KeyHeads x the width of a head is 4,294,967,296 values; one tensor has at most 2,147,483,647; nearest: 3"),
        new("MC2003", Model("QFormer<Looks>(Queries = 5, Width = 8, Depth = 2, Heads = 2), [|CausalLanguageModel|]"), "[CausalLanguageModel] predicts tokens, and a QFormer reads a picture; legal: [Classification], [FeatureRegression], [SupervisedContrastive]"),
        new("MC2006", Model("QFormer<[|Says|]>(Queries = 5, Width = 8, Depth = 2, Heads = 2)"), "'Says' is no tower of pictures, and TImage is one: name a class with [VisionTransformer]"),
        new("MC2006", Model("Blip2<Looks, [|Looks|], Says>"), "'Looks' has no queries, and TQFormer is what asks the picture: name a class with [QFormer<TImage>]"),
        new("MC2006", Model("Blip2<Looks, Asks, [|Other|]>"), "'Other' sees its tokens from both sides, and TText says one after the other: name a class with [TransformerDecoder]"),
        new("MC2006", Model("EncoderDecoder<[|Asks|], Says>"), "'Asks' reads a tower of its own, for which Blip2 alone has a place: name a class with one of [TransformerDecoder], [TransformerEncoder], [VisionTransformer]"),
        new("MC1004", Model("Blip2<Other, [|Asks|], Says>"), "'Asks' reads 'Looks', and TImage is 'Other': name the same tower in both"),
        new("MC1004", Model("Blip2<Looks, Asks, [|Short|]>", "[TransformerDecoder(Vocabulary = 11, Context = 5, Width = 12, Depth = 1, Heads = 2)] public partial class Short;"),
            "'Short' has a Context of 5, and 5 tokens of a row are the queries': set Context to 6 or more"),
        new("MC1004", Model("Blip2<Looks, Asks, [|Split|]>", "[TransformerDecoder(Vocabulary = 11, Context = 6, Width = 12, Depth = 1, Heads = 2, Segments = 2)] public partial class Split;"),
            "'Split' has EmbeddingWidth, AttendPadding or Segments, which say nothing of rows that begin with a picture: leave them out"),
        new("MC2003", Model("Blip2<Looks, Asks, Says>, [|Contrastive|]"), "[Blip2] learns what its decoder says next, and [Contrastive] asks for something else; legal: [CausalLanguageModel]"),
        new("MC1007", Model("Blip2<Looks, [|Deep|], Opt>, CausalLanguageModel, Checkpoint(CheckpointFormat.HuggingFaceBlip2)", "[TransformerDecoder(Vocabulary = 11, Context = 6, Width = 12, Depth = 1, Heads = 2, PositionOffset = 2)] public partial class Opt; [QFormer<Looks>(Queries = 5, Width = 8, Depth = 2, Heads = 2, NormPlacement = NormPlacement.Pre)] public partial class Deep;"),
            "of 'Deep', NormPlacement is Pre, but HuggingFaceBlip2 checkpoints have Post: change it, or store the model as CheckpointFormat.Native"),
    ];

    private static string Model(string attributes, string more = "") => $"[{attributes}] public partial class M; {Towers} {more}";
}
