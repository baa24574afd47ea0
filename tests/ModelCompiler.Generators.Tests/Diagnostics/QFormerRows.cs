namespace ModelCompiler.Generators.Tests.Diagnostics;

/// <summary>Mistakes in models whose queries read pictures.</summary>
internal static class QFormerRows
{
    private const string
        Plain = "Width = 8, Depth = 1, Heads = 2)] public partial class Looks",
        Eva = "Width = 8, Depth = 1, Heads = 2, NormEpsilon = 1e-6, FinalNormEpsilon = 1e-5, Biases = Biases.All & ~Biases.Key)] public partial class Looks";

    private const string Towers = """
        [VisionTransformer(ImageSize = 8, PatchSize = 4, Width = 8, Depth = 1, Heads = 2)] public partial class Looks;
        [VisionTransformer(ImageSize = 16, PatchSize = 4, Width = 8, Depth = 1, Heads = 2)] public partial class Other;
        [QFormer<Looks>(Queries = 5, Width = 8, Depth = 2, Heads = 2)] public partial class Asks;
        [TransformerDecoder(Vocabulary = 11, Context = 6, Width = 12, Depth = 1, Heads = 2)] public partial class Says;
        [TransformerEncoder(Vocabulary = 11, Context = 6, Width = 8, Depth = 2, Heads = 2, NormPlacement = NormPlacement.Post, NormEpsilon = 1e-12, EmbeddingNorm = true)] public partial class Reads;
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
        new("MC2006", Model("QFormer<[|Says|]>(Queries = 5, Width = 8, Depth = 2, Heads = 2)"), "'Says' is no tower of pictures, and TImage is one: name a class with one of [PrecomputedFeatures], [VisionTransformer]"),
        new("MC2006", Model("Blip2<Looks, [|Looks|], Says>"), "'Looks' has no queries, and TQFormer is what asks the picture: name a class with [QFormer<TImage>]"),
        new("MC2006", Model("Blip2<Looks, Asks, [|Other|]>"), "'Other' sees its tokens from both sides, and TText says one after the other: name a class with [TransformerDecoder]"),
        new("MC2006", Model("EncoderDecoder<[|Asks|], Says>"), "'Asks' reads a tower of its own, for which Blip2 and Blip2Pretraining alone have a place: name a class with one of [PrecomputedFeatures], [TransformerDecoder], [TransformerEncoder], [VisionTransformer]"),
        new("MC1004", Model("Blip2<Other, [|Asks|], Says>"), "'Asks' reads 'Looks', and TImage is 'Other': name the same tower in both"),
        new("MC1004", Model("Blip2<Looks, Asks, [|Short|]>", "[TransformerDecoder(Vocabulary = 11, Context = 5, Width = 12, Depth = 1, Heads = 2)] public partial class Short;"),
            "'Short' has a Context of 5, and 5 tokens of a row are the queries': set Context to 6 or more"),
        new("MC1004", Model("Blip2<Looks, Asks, [|Split|]>", "[TransformerDecoder(Vocabulary = 11, Context = 6, Width = 12, Depth = 1, Heads = 2, Segments = 2)] public partial class Split;"),
            "'Split' has AttendPadding or Segments, which say nothing of rows that begin with a picture: leave them out"),
        new("MC2003", Model("Blip2<Looks, Asks, Says>, [|Contrastive|]"), "[Blip2] learns what its decoder says next, and [Contrastive] asks for something else; legal: [CausalLanguageModel]"),
        new("MC1007", Model("Blip2<Looks, [|Deep|], Opt>, CausalLanguageModel, Checkpoint(CheckpointFormat.HuggingFaceBlip2)", "[TransformerDecoder(Vocabulary = 11, Context = 6, Width = 12, Depth = 1, Heads = 2, PositionOffset = 2)] public partial class Opt; [QFormer<Looks>(Queries = 5, Width = 8, Depth = 2, Heads = 2, NormPlacement = NormPlacement.Pre)] public partial class Deep;"),
            "of 'Deep', NormPlacement is Pre, but HuggingFaceBlip2 checkpoints have Post: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", Model("Blip2<Looks, Asks, [|Narrow|]>, CausalLanguageModel, Checkpoint(CheckpointFormat.HuggingFaceBlip2)", "[TransformerDecoder(Vocabulary = 11, Context = 6, Width = 12, EmbeddingWidth = 4, Depth = 1, Heads = 2, PositionOffset = 2)] public partial class Narrow;"),
            "of 'Narrow', EmbeddingWidth is 4, but HuggingFaceBlip2 checkpoints have 0: change it, or store the model as CheckpointFormat.Native"),
        new("MC1001", Model("[|Blip2Pretraining<Looks, Asks, Reads>|]"), "Embedding is missing: set it to 1 or more"),
        new("MC1002", Model("Blip2Pretraining<Looks, Asks, Reads>(Embedding = 4, Temperature = [|0.0|])"), "Temperature (0) must be above 0 and below 1000; usual: 0.07"),
        new("MC1005", Model("Blip2Pretraining<Looks, Asks, Reads>(Embedding = 4, Scale = SimilarityScale.Fixed, DecayScale = [|true|])"),
            "DecayScale decays a learned scale, and Scale is Fixed: set Scale to LearnedTemperature, or leave DecayScale out"),
        new("MC2006", Model("Blip2Pretraining<Looks, Asks, [|Says|]>(Embedding = 4)"),
            "'Says' does not see its tokens from both sides, and TText says how texts that queries meet are embedded: name a class with [TransformerEncoder]"),
        new("MC2006", Model("Blip2Pretraining<Looks, [|Looks|], Reads>(Embedding = 4)"), "'Looks' has no queries, and TQFormer is what asks the picture: name a class with [QFormer<TImage>]"),
        new("MC2006", Model("Blip2Pretraining<[|Reads|], Asks, Reads>(Embedding = 4)"), "'Reads' is no tower of pictures, and TImage is one: name a class with one of [PrecomputedFeatures], [VisionTransformer]"),
        new("MC1004", Model("Blip2Pretraining<Other, [|Asks|], Reads>(Embedding = 4)"), "'Asks' reads 'Looks', and TImage is 'Other': name the same tower in both"),
        new("MC1004", Text("Width = 12, Depth = 2, Heads = 2, NormPlacement = NormPlacement.Post, NormEpsilon = 1e-12, EmbeddingNorm = true"),
            "'Wide' has Width 12 and 'Asks' 8, but queries and texts go through one self-attention: give both the same"),
        new("MC1004", Text("Width = 8, Depth = 2, Heads = 2"), "'Wide' has NormPlacement Pre and 'Asks' Post, but queries and texts go through one self-attention: give both the same"),
        new("MC1004", Text("Width = 8, Depth = 2, Heads = 2, NormPlacement = NormPlacement.Post, NormEpsilon = 1e-12, EmbeddingNorm = true, Segments = 2"),
            "'Wide' has EmbeddingWidth, Segments or Positions.Rotary, which queries beside it have not: leave them out"),
        new("MC1004", Model("Blip2Pretraining<Looks, [|First|], Normed>(Embedding = 4)", """
            [QFormer<Looks>(Queries = 5, Width = 8, Depth = 2, Heads = 2, NormPlacement = NormPlacement.Pre)] public partial class First;
            [TransformerEncoder(Vocabulary = 11, Context = 6, Width = 8, Depth = 2, Heads = 2, NormEpsilon = 1e-12, EmbeddingNorm = true)] public partial class Normed;
            """),
            "'First' and 'Normed' have norms before their sub-layers or behind the last block, and a Q-Former that reads texts has BERT's: leave NormPlacement of the Q-Former and FinalNorm out, and set NormPlacement of the text to Post"),
        new("MC1005", Stage("[|ImageTextMatching|]"), "[ImageTextMatching] shows pairs beside what is most like them and none, and [QueryContrastive] alone trains what is like what: add it"),
        new("MC1001", Stage("[|ImageGroundedText|]"), "StartToken is missing: set it to the id that a text to be said begins with, 0 to 10"),
        new("MC1002", Stage("ImageGroundedText(StartToken = [|11|])"), "StartToken (11) must be 0 to 10; nearest: 10"),
        new("MC1002", Stage("ImageGroundedText(StartToken = 1, LabelSmoothing = [|1.0|])"), "LabelSmoothing (1) must be at least 0 and below 1; usual: 0.1"),
        new("MC1002", Stage("QueryContrastive(LabelSmoothing = [|-0.5|])"), "LabelSmoothing (-0.5) must be at least 0 and below 1; nearest: 0"),
        new("MC1004", Stage("QueryContrastive, AdamW, Accumulate([|2|])"),
            "[QueryContrastive] tells the pairs of one batch from each other, and those of several batches never meet: make batches larger instead, and leave [Accumulate] out"),
        new("MC1002", Stage("QueryContrastive(Weight = [|0.0|])"), "Weight (0) must be above 0 and below 1000000; usual: 1"),
        new("MC2003", Stage("[|Contrastive|]"), "[Blip2Pretraining] learns of queries and texts, and [Contrastive] asks for something else; legal: [ImageGroundedText], [ImageTextMatching], [QueryContrastive]"),
        new("MC2003", Model("QFormer<Looks>(Queries = 5, Width = 8, Depth = 2, Heads = 2), [|QueryContrastive|]"),
            "[QueryContrastive] is of queries beside texts, and a QFormer is one tower: give it to a class with [Blip2Pretraining<TImage, TQFormer, TText>] that names this one"),
        new("MC1005", Model("Blip2Pretraining<Looks, Asks, Reads>(Embedding = 4), [|AdamW|]"), "[AdamW] trains a loss, and 'M' has none: add one of [ImageGroundedText], [ImageTextMatching], [QueryContrastive], or remove [AdamW]"),
        new("MC1007", Model("Blip2Pretraining<Looks, Asks, Reads>(Embedding = 4, Scale = [|SimilarityScale.Fixed|]), Checkpoint(CheckpointFormat.LavisBlip2)", eva: true),
            "Scale is Fixed, but LavisBlip2 checkpoints have LearnedTemperature: change it, or store the model as CheckpointFormat.Native"),
    ];

    private static string Text(string options) => Model("Blip2Pretraining<Looks, Asks, [|Wide|]>(Embedding = 4)", $"[TransformerEncoder(Vocabulary = 11, Context = 6, {options})] public partial class Wide;");

    private static string Stage(string objective) => Model("Blip2Pretraining<Looks, Asks, Reads>(Embedding = 4), " + objective);

    private static string Model(string attributes, string more = "", bool eva = false) => $"[{attributes}] public partial class M; {(eva ? Towers.Replace(Plain, Eva) : Towers)} {more}";
}
