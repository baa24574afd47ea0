namespace ModelCompiler.Generators.Tests.Diagnostics;

/// <summary>Mistakes in models of an encoder and a decoder that reads it.</summary>
internal static class EncoderDecoderRows
{
    private const string Pictures = "[VisionTransformer(ImageSize = 8, PatchSize = 4, Width = 8, Depth = 1, Heads = 2)] public partial class Pictures2;",
        Says = "[TransformerDecoder(Vocabulary = 11, Context = 6, Width = 12, Depth = 1, Heads = 2)] public partial class Says;";

    public static IReadOnlyList<Row> All { get; } =
    [
        new("MC2006", Model("EncoderDecoder<Pictures2, [|Pictures2|]>"), "'Pictures2' sees its tokens from both sides, and TDecoder says one after the other: name a class with [TransformerDecoder]"),
        new("MC2006", Model("EncoderDecoder<[|string|], Says>"), "'string' is no tower: it needs one of [PrecomputedFeatures], [TransformerDecoder], [TransformerEncoder], [VisionTransformer]"),
        new("MC2007", Model("EncoderDecoder<[|M|], Says>"), "'M' is made of itself: name a class that says what the tower is, one of [PrecomputedFeatures], [TransformerDecoder], [TransformerEncoder], [VisionTransformer]"),
        new("MC1004", Model("EncoderDecoder<Long, [|Says|]>", "[TransformerEncoder(Vocabulary = 11, Context = 7, Width = 12, Depth = 1, Heads = 2)] public partial class Long;"),
            "'Says' has a Context of 6 and 'Long' one of 7, but both sides of a batch have one length: set both to 7"),
        new("MC1009", Model("EncoderDecoder<[|Wide|], Many>", "[TransformerEncoder(Vocabulary = 11, Context = 6, Width = 32, Depth = 1, Heads = 2)] public partial class Wide; [TransformerDecoder(Vocabulary = 11, Context = 6, Width = 8, Depth = 1, Heads = 16384, HeadWidth = 4096)] public partial class Many;"),
            "TEncoder (32) is too large: the Width of what is read x 2 x KeyHeads x the width of a head is 4,294,967,296 values; one tensor has at most 2,147,483,647; nearest: 15"),
        new("MC2003", Model("EncoderDecoder<Pictures2, Says>, [|Contrastive|]"), "[EncoderDecoder] learns what its decoder says next, and [Contrastive] asks for something else; legal: [CausalLanguageModel]"),
        new("MC1005", Model("EncoderDecoder<Pictures2, Says>, [|AdamW|]"), "[AdamW] trains a loss, and 'M' has none: add one of [CausalLanguageModel], or remove [AdamW]"),
        new("MC1002", Model("EncoderDecoder<Pictures2, Says>, CausalLanguageModel(LabelSmoothing = [|1|])"), "LabelSmoothing (1) must be at least 0 and below 1; usual: 0.1"),
        new("MC1006", Model("EncoderDecoder<Pictures2, Says>, CausalLanguageModel, Freeze([|\"encoders\"|])"), "there is no part 'encoders'; nearest: 'encoder'; the model has encoder, decoder and what is below them"),
        new("MC1007", Model("EncoderDecoder<Pictures2, Says>(Projection = [|false|]), CausalLanguageModel, Checkpoint(CheckpointFormat.HuggingFaceVisionEncoderDecoder)"),
            "Projection is false, but HuggingFaceVisionEncoderDecoder checkpoints have true: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", Bart("EncoderDecoder<[|Reads|], Writes>, CausalLanguageModel(Bias = true), Share(\"embeddings.token\")", reads: ", Norm = Norm.Rms"),
            "of 'Reads', Norm is Rms, but HuggingFaceBart checkpoints have Layer: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", Bart("EncoderDecoder<Reads, [|Writes|]>, CausalLanguageModel(Bias = true), Share(\"embeddings.token\")", writes: ", Activation = Activation.Relu"),
            "'Reads' has Activation Gelu and 'Writes' Relu, but HuggingFaceBart checkpoints have one for both: give both the same, or store the model as CheckpointFormat.Native"),
        new("MC1007", Bart("EncoderDecoder<Reads, Writes>, CausalLanguageModel(Bias = true)", format: "[|CheckpointFormat.HuggingFaceBart|]"),
            "HuggingFaceBart checkpoints have one token table for both towers, and nothing else that they share: give the model [Share(\"embeddings.token\")], or store it as CheckpointFormat.Native"),
        new("MC1007", Bart("EncoderDecoder<Reads, Writes>, CausalLanguageModel(Bias = true), [|Share|](\"embeddings\")"),
            "HuggingFaceBart checkpoints have one token table for both towers, and nothing else that they share: give the model [Share(\"embeddings.token\")], or store it as CheckpointFormat.Native"),
        new("MC1007", Bart("EncoderDecoder<Reads, Writes>, CausalLanguageModel(Bias = [|false|]), Share(\"embeddings.token\")"),
            "Bias is false, but HuggingFaceBart checkpoints have true: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", "[TransformerDecoder(Vocabulary = 11, Context = 6, Width = 8, Depth = 1, Heads = 2), Checkpoint([|CheckpointFormat.HuggingFaceMarian|])] public partial class M;",
            "HuggingFaceMarian checkpoints hold an EncoderDecoder: change the architecture or use CheckpointFormat.Native"),
        new("MC1005", "[TransformerDecoder(Vocabulary = 11, Context = 6, Width = 8, Depth = 1, Heads = 2, CountPadding = [|true|])] public partial class M;",
            "CountPadding says what positions with an offset count, and PositionOffset is 0, where padding counts anyway: leave CountPadding out, or set PositionOffset"),
        new("MC1004", "[VisionTransformer(ImageSize = 8, PatchSize = 4, Width = 8, Depth = 1, Heads = 2, Positions = [|Positions.SinusoidalHalves|])] public partial class M;",
            "Positions.SinusoidalHalves is for text; legal for pictures: None, Learned, SinusoidalGrid; nearest: SinusoidalGrid"),
    ];

    // All that the format holds, but for what a row says.
    private static string Bart(string attributes, string reads = "", string writes = "", string format = "CheckpointFormat.HuggingFaceBart") => $"""
        [{attributes}, Checkpoint({format})] public partial class M;
        [TransformerEncoder({Text}{reads})] public partial class Reads;
        [TransformerDecoder({Text}, LearnPadding = Toggle.Off{writes})] public partial class Writes;
        """;

    private const string Text = "Vocabulary = 11, Context = 6, Width = 8, Depth = 1, Heads = 2, NormPlacement = NormPlacement.Post, EmbeddingNorm = true, PositionOffset = 2, CountPadding = true, PaddingToken = 1";

    private static string Model(string attributes, string more = "") => $"[{attributes}] public partial class M; {Pictures} {Says} {more}";
}
