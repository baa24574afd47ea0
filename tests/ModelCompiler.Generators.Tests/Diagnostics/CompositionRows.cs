namespace ModelCompiler.Generators.Tests.Diagnostics;

/// <summary>Mistakes in models of two towers: in what their type arguments are, and in how they meet.</summary>
internal static class CompositionRows
{
    private const string Pictures = "[VisionTransformer(ImageSize = 8, PatchSize = 4, Width = 8, Depth = 1, Heads = 2)] public partial class Pictures2;",
        Words = "[TransformerDecoder(Vocabulary = 11, Context = 6, Width = 12, Depth = 1, Heads = 2, Pooling = Pooling.Last)] public partial class Words;",
        Towers = "[PrecomputedFeatures], [TransformerDecoder], [TransformerEncoder], [VisionTransformer]";

    public static IReadOnlyList<Row> All { get; } =
    [
        new("MC1001", Clip("[|Clip<Pictures2, Words>|]"), "Embedding is missing: set it to 1 or more"),
        new("MC1002", Clip("Clip<Pictures2, Words>(Embedding = 4, Temperature = [|0|])"), "Temperature (0) must be above 0 and below 1000; usual: 0.07"),
        new("MC1004", Clip("Clip<Pictures2, Words>(Embedding = 4, ScaleLimit = [|10|])"), "ScaleLimit (10) must be more than 1 / Temperature (14.286), where the scale starts: raise one of them"),
        new("MC1002", Clip("Clip<Pictures2, Words>(Embedding = 4, Bias = true, InitialBias = [|-1000.5|])"), "InitialBias (-1000.5) must be at least -1000 and below 1000; nearest: -1000"),
        new("MC1002", Clip("Clip<Pictures2, Words>(Embedding = 4), PairwiseSigmoid(Weight = [|0|])"), "Weight (0) must be above 0 and below 1000000; usual: 1"),
        new("MC1004", Clip("Clip<Pictures2, Words>(Embedding = 4, Scale = SimilarityScale.LearnedTemperature, ScaleLimit = [|10|])"), "ScaleLimit (10) must be more than 1 / Temperature (14.286), where the scale starts: raise one of them"),
        new("MC1002", Clip("Clip<Pictures2, Words>(Embedding = 4, Momentum = [|1|]), Contrastive"), "Momentum (1) must be at least 0 and below 1; usual: 0.995"),
        new("MC1002", Clip("Clip<Pictures2, Words>(Embedding = 4, Queue = [|-1|]), Contrastive"), "Queue (-1) must be 0 to 16777216; nearest: 0"),
        new("MC1002", Clip("Clip<Pictures2, Words>(Embedding = 4, Momentum = 0.9), Contrastive(SoftTargets = [|1|])"), "SoftTargets (1) must be at least 0 and below 1; usual: 0.4"),
        new("MC1004", Clip("Clip<Pictures2, Words>(Embedding = 4, Momentum = 0.9), Contrastive(ByIds = [|true|])"), "with Momentum, [Contrastive] compares with vectors that have no ids: leave ByIds or Momentum out"),
        new("MC1005", Clip("Clip<Pictures2, Words>(Embedding = 4, Queue = [|64|]), PairwiseSigmoid"), "Queue is read by [Contrastive] alone, and 'M' has no such objective: add it, or leave Queue out"),
        new("MC1005", Clip("Clip<Pictures2, Words>(Embedding = 4, Queue = 64), Contrastive(SoftTargets = [|0.4|])"),
            "SoftTargets are the similarities of momentum copies, and there are none: set Momentum of Clip to 0.995, for example, or leave SoftTargets out"),
        new("MC1005", Clip("Clip<Pictures2, Words>(Embedding = 4), Contrastive(BatchNegatives = [|false|])"),
            "without BatchNegatives those of a queue alone are left, and there is none: set Queue of Clip to a multiple of the batch, or leave BatchNegatives out"),
        new("MC1002", Clip("Clip<Pictures2, Words>(Embedding = 4, Scale = SimilarityScale.None), Triplet(Margin = [|0|])"), "Margin (0) must be above 0 and at most 2, which is as far as cosines are apart; usual: 0.2"),
        new("MC1002", Clip("Clip<Pictures2, Words>(Embedding = 4, Scale = SimilarityScale.None), Triplet(Margin = [|2.5|])"), "Margin (2.5) must be above 0 and at most 2, which is as far as cosines are apart; usual: 0.2"),
        new("MC1004", Clip("[|Clip<Pictures2, Words>|](Embedding = 4), Triplet"),
            "[Triplet] compares cosines before they are scaled, so nothing trains the scale: set Scale to None or Fixed, or add an objective that reads it, such as [Contrastive]"),
        new("MC1004", Clip("Clip<Pictures2, Words>(Embedding = 4, Scale = SimilarityScale.Fixed, Bias = [|true|]), Triplet"),
            "[Triplet] does not see a number that all similarities get, so nothing trains the bias: leave Bias out, or add [PairwiseSigmoid]"),
        new("MC1001", Clip("Clip<Pictures2, Words>(Embedding = 4), [|SimilarityDistillation|]"), "TeacherWidth is missing: set it to 1 or more"),
        new("MC1002", Clip("Clip<Pictures2, Words>(Embedding = 4), SimilarityDistillation(TeacherWidth = 4, TeacherScale = [|0|])"), "TeacherScale (0) must be above 0 and below 1000000; usual: 100"),
        new("MC1004", Clip("Clip<Pictures2, Words>(Projection = [|Projection.None|])"),
            "'Pictures2' gives 8 channels and 'Words' 12, so they cannot meet without projections: set Projection to Linear or Mlp, or give both one width"),
        new("MC1004", Clip("DualEncoder<Words, Words>(Projection = Projection.None, Embedding = [|4|])"),
            "Embedding (4) is another width than the towers' 12, and Projection is None: leave Embedding out, or set Projection to Linear or Mlp"),
        new("MC1004", Clip("Clip<Pictures2, Words>(Embedding = 4), Contrastive, Accumulate([|2|]), Freeze(\"image\", \"text\", \"image_projection\", \"text_projection\")"),
            "both towers and their projections are frozen, so the pairs of several batches have nothing to go back to: leave [Accumulate] out, or freeze fewer parts"),
        new("MC1002", Clip("Clip<Pictures2, Words>(Embedding = 4, ScaleFloor = [|-1|])"), "ScaleFloor (-1) must be at least 0 and below 1000000; nearest: 0"),
        new("MC1004", Clip("Clip<Pictures2, Words>(Embedding = 4, ScaleFloor = [|20|])"), "ScaleFloor (20) must be less than 1 / Temperature (14.286), where the scale starts: lower one of them"),
        new("MC1005", Clip("Clip<Pictures2, Words>(Embedding = 4, Scale = SimilarityScale.Fixed, ScaleFloor = [|2|])"),
            "ScaleFloor holds a learned scale, and Scale is Fixed: set Scale to Learned or LearnedTemperature, or leave ScaleFloor out"),
        new("MC1005", Clip("Clip<Pictures2, Words>(Embedding = 4, Scale = SimilarityScale.Fixed, ScaleLimit = [|3|])"),
            "ScaleLimit holds a learned scale, and Scale is Fixed: set Scale to Learned or LearnedTemperature, or leave ScaleLimit out"),
        new("MC1005", Clip("Clip<Pictures2, Words>(Embedding = 4, Scale = SimilarityScale.None, ScaleLimit = [|100|])"),
            "ScaleLimit holds a learned scale, and Scale is None: set Scale to Learned or LearnedTemperature, or leave ScaleLimit out"),
        new("MC1005", Clip("Clip<Pictures2, Words>(Embedding = 4, InitialBias = [|5|]), Contrastive"), "InitialBias is what a learned bias starts from, and Bias is false: set Bias to true, or leave InitialBias out"),
        new("MC1003", Clip("Clip<Pictures2, Words>(Embedding = 4, Queue = [|12|]), Contrastive, Accumulate(5)"), "Queue (12) must be divisible by the 5 batches of [Accumulate], whose vectors all go into it; nearest: 10 or 15"),
        new("MC1003", Clip("Clip<Pictures2, Words>(Embedding = 4, Queue = [|3|]), Contrastive, Accumulate(4)"), "Queue (3) must be divisible by the 4 batches of [Accumulate], whose vectors all go into it; nearest: 4"),
        new("MC1004", Clip("Clip<Pictures2, Words>(Embedding = 4, Momentum = 0.9), Contrastive, Freeze(\"text.blocks.0\", [|\"momentum.image\"|])"),
            "'momentum.image' is a copy that has no gradient and follows 'image' behind each step, frozen or not: freeze 'image' instead, or leave it out"),
        new("MC1004", Clip("Clip<Pictures2, Words>(Embedding = 4, Momentum = 0.9), Contrastive, Freeze([|\"momentum\"|])"),
            "'momentum' is a copy that has no gradient and follows the towers behind each step, frozen or not: freeze the towers instead, or leave it out"),
        new("MC1004", Clip("Clip<Pictures2, Words>(Embedding = 4, Queue = 8), Contrastive, Freeze([|\"queue\"|])"), "'queue' has no gradient and takes the vectors of each step, frozen or not: leave it out"),
        new("MC1009", Clip("Clip<Pictures2, Words>(Embedding = 1024, Queue = [|16777216|]), Contrastive"),
            "Queue (16777216) is too large: Queue x the channels of the joint space is 17,179,869,184 values; one tensor has at most 2,147,483,647; nearest: 2097151"),
        new("MC1005", Clip("Clip<Pictures2, [|Silent|]>(Embedding = 4)", "[TransformerDecoder(Vocabulary = 11, Context = 6, Width = 12, Depth = 1, Heads = 2)] public partial class Silent;"),
            "'Silent' has no vector for a whole text, because its Pooling is None: set Pooling of its TransformerDecoder to Cls, Mean, Last, End, HighestId or ClsAndMean"),
        new("MC1005", Clip("Clip<Pictures2, Words>(Embedding = 4), [|AdamW|]"), "[AdamW] trains a loss, and 'M' has none: add one of [Contrastive], [PairwiseSigmoid], [SimilarityDistillation], [Triplet], or remove [AdamW]"),
        new("MC1006", Clip("Clip<Pictures2, Words>(Embedding = 4), Contrastive, Freeze([|\"images\"|])"),
            "there is no part 'images'; nearest: 'image'; the model has image, image_projection, text, text_projection, logit_scale and what is below them"),
        new("MC2003", Clip("Clip<Pictures2, Words>(Embedding = 4), [|CausalLanguageModel|]"), "[CausalLanguageModel] is for a model of one tower; legal for two: [Contrastive], [PairwiseSigmoid], [SimilarityDistillation], [Triplet]"),
        new("MC2003", Clip("Clip<Pictures2, Words>(Embedding = 4), [|SupervisedContrastive|]"),
            "[SupervisedContrastive] compares samples of one tower, and of two [Contrastive(ByIds = true)] says which pairs belong together; legal for two: [Contrastive], [PairwiseSigmoid], [SimilarityDistillation], [Triplet]"),
        new("MC1004", Clip("Clip<Pictures2, Words>(Embedding = 4, Measure = [|SimilarityMeasure.Order|])"), "Measure is Order, whose similarities nothing multiplies, and Scale is Learned: set Scale to None, or leave Measure out"),
        new("MC1004", Clip("Clip<Pictures2, Words>(Embedding = 4, Scale = SimilarityScale.None, Measure = SimilarityMeasure.Order), Triplet, [|Contrastive|]"),
            "[Contrastive] compares cosines, and Measure is Order: use [Triplet], or leave Measure out"),
        new("MC1006", Clip("Clip<Pictures2, Words>(Embedding = 4), Contrastive, Freeze(\"projection\", \"blocks.0\", [|\"blocks.3\"|])"),
            "there is no part 'blocks.3'; nearest: 'text.blocks.0'; the model has image, image_projection, text, text_projection, logit_scale and what is below them"),
        new("MC1006", Clip("DualEncoder<Words, Words>(Embedding = 4), Share(\"second.blocks\", \"first_projection\", [|\"second.embedding\"|])"), "there is no part 'second.embedding' in 'second'; nearest: 'embeddings'"),
        new("MC2003", "[VisionTransformer(ImageSize = 8, PatchSize = 4, Width = 8, Depth = 1, Heads = 2), [|Contrastive|]] public partial class M;",
            "[Contrastive] compares two towers, and a VisionTransformer is one: give it to a class with [Clip<TImage, TText>] or [DualEncoder<TFirst, TSecond>] that names this one"),
        new("MC1002", "[VisionTransformer(ImageSize = 8, PatchSize = 4, Width = 8, Depth = 1, Heads = 2), SupervisedContrastive(Temperature = [|0|])] public partial class M;",
            "Temperature (0) must be above 0 and below 1000; usual: 0.1"),
        new("MC1004", "[VisionTransformer(ImageSize = 8, PatchSize = 4, Width = 8, Depth = 1, Heads = 2), SupervisedContrastive, Accumulate([|2|])] public partial class M;",
            "[SupervisedContrastive] tells the samples of one batch from each other, and those of several batches never meet: make batches larger instead, and leave [Accumulate] out"),
        new("MC1005", "[TransformerEncoder(Vocabulary = 11, Context = 6, Width = 8, Depth = 1, Heads = 2), [|SupervisedContrastive|]] public partial class M;",
            "SupervisedContrastive compares one vector a sample, but Pooling is None: set Pooling of the architecture to Cls, Mean, Last, End, HighestId or ClsAndMean"),
        new("MC1007", Clip("Clip<[|Pictures2|], Words>(Embedding = 4), Checkpoint(CheckpointFormat.HuggingFaceClip)", words: false),
            "of 'Pictures2', EmbeddingNorm is false, but HuggingFaceClip checkpoints have true: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", Clip("DualEncoder<Words, Words>(Embedding = 4), Checkpoint([|CheckpointFormat.HuggingFaceSiglip|])"),
            "HuggingFaceSiglip checkpoints hold a Clip: change the architecture or use CheckpointFormat.Native"),
        new("MC1007", Clip("DualEncoder<Words, Words>(Embedding = 4), Checkpoint([|CheckpointFormat.HuggingFaceClip|])"),
            "HuggingFaceClip checkpoints hold a Clip: change the architecture or use CheckpointFormat.Native"),
        new("MC1007", Siglip(options: "Bias = [|false|]"), "Bias is false, but HuggingFaceSiglip checkpoints have true: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", Siglip(options: "Projection = [|Projection.Mlp|], Embedding = 4, Bias = true"), "Projection is Mlp, but HuggingFaceSiglip checkpoints have None: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", Siglip(options: "Scale = [|SimilarityScale.Fixed|], Bias = true"), "Scale is Fixed, but HuggingFaceSiglip checkpoints have Learned: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", Siglip("[|SigPictures|]", pictures: "Pooling = Pooling.Mean"),
            "of 'SigPictures', Pooling is Mean, but HuggingFaceSiglip checkpoints have Attention: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", Siglip("[|SigPictures|]", pictures: "Pooling = Pooling.Attention, Positions = Positions.None"),
            "of 'SigPictures', Positions is None, but HuggingFaceSiglip checkpoints have Learned: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", Siglip(text: "[|SigText|]", words: "AttendPadding = false, Pooler = Pooler.Linear"),
            "of 'SigText', AttendPadding is false, but HuggingFaceSiglip checkpoints have true: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", Siglip(text: "[|SigText|]", words: "AttendPadding = true"),
            "of 'SigText', Pooler is None, but HuggingFaceSiglip checkpoints have Linear: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", Siglip(text: "[|SigText|]", kind: "TransformerDecoder"),
            "of 'SigText', HuggingFaceSiglip checkpoints hold a TransformerEncoder: change the architecture or use CheckpointFormat.Native"),
        new("MC1004", "[VisionTransformer(ImageSize = 8, PatchSize = 4, Width = 8, Depth = 1, Heads = 2), [|Share|]] public partial class M;",
            "[Share] makes a part of one tower that of another, and this model is one tower: remove it"),
        new("MC1004", Clip("DualEncoder<Words, Words>(Embedding = 4), Share([|\"blocks.0\"|])"), "'blocks.0' is of some blocks, and blocks are shared all or none: name \"blocks\""),
        new("MC1006", Clip("DualEncoder<Words, Words>(Embedding = 4), Share(\"blocks\", [|\"embedding\"|])"), "there is no part 'embedding' in 'second'; nearest: 'embeddings'"),
        new("MC1004", Clip("Clip<Pictures2, Words>(Embedding = 4), Share([|\"blocks\"|])"),
            "'blocks.0.attention_norm.weight' is [8] in 'image' and [12] in 'text', so it cannot be shared: give both towers the same sizes and options there, or leave the part out"),
        new("MC1004", Clip("Clip<Pictures2, Narrow>(Embedding = 4), Share([|\"projection\"|])", "[TransformerDecoder(Vocabulary = 11, Context = 6, Width = 12, EmbeddingWidth = 8, Depth = 1, Heads = 2, Pooling = Pooling.Last)] public partial class Narrow;"),
            "'projection.weight' is absent in 'image' and [8, 12] in 'text', so it cannot be shared: give both towers the same sizes and options there, or leave the part out"),
        new("MC1004", Clip("Clip<Pictures2, Words>(Embedding = 4), [|Share|]"),
            "'embeddings.patch.weight' is [8, 48] in 'image' and absent in 'text', so it cannot be shared: give both towers the same sizes and options there, or leave the part out"),
        new("MC1007", Dual("Clip<[|DualPictures|], DualText>(Embedding = 4)", ""),
            "'DualPictures' must say how it is stored within HuggingFaceVisionTextDual checkpoints: give it [Checkpoint(CheckpointFormat.X)], X one of HuggingFaceVit, HuggingFaceDeit, HuggingFaceDinov2, HuggingFaceClipVision"),
        new("MC1007", Dual("Clip<DualPictures, [|DualText|]>(Embedding = 4)", ", Checkpoint(CheckpointFormat.HuggingFaceVit)", text: ""),
            "'DualText' must say how it is stored within HuggingFaceVisionTextDual checkpoints: give it [Checkpoint(CheckpointFormat.X)], X one of HuggingFaceBert, HuggingFaceRoberta, HuggingFaceClipText"),
        new("MC1007", Dual("Clip<[|DualPictures|], DualText>(Embedding = 4)", ", Checkpoint(CheckpointFormat.HuggingFaceVit)", pooler: "Pooler.None"),
            "of 'DualPictures', Pooler is None, but HuggingFaceVisionTextDual checkpoints have Tanh: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", Dual("Clip<DualPictures, DualText>(Embedding = 4, Projection = [|Projection.Mlp|])", ", Checkpoint(CheckpointFormat.HuggingFaceVit)"),
            "Projection is Mlp, but HuggingFaceVisionTextDual checkpoints have Linear: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", Dual("Clip<DualPictures, [|DualText|]>(Embedding = 4)", "", format: "HuggingFaceChineseClip", pictures: ClipPictures),
            "of 'DualText', Pooler is Tanh, but HuggingFaceChineseClip checkpoints have None: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", Clip("DualEncoder<Words, Words>(Embedding = 4), Checkpoint([|CheckpointFormat.HuggingFaceVisionTextDual|])"),
            "HuggingFaceVisionTextDual checkpoints hold a Clip: change the architecture or use CheckpointFormat.Native"),
        new("MC1007", OpenClip("Clip<OpenPictures, OpenText>(Embedding = 4), [|Share|](\"projection\")", "OpenClip", "Activation = Activation.Gelu", text: "Width = 8, Heads = 2, Pooling = Pooling.HighestId"),
            "OpenClip checkpoints hold the weights of both towers: leave [Share] out, or store the model as CheckpointFormat.Native"),
        new("MC1007", OpenClip("Clip<[|OpenPictures|], OpenText>(Embedding = 4)", "OpenAiClip", "Activation = Activation.Gelu, NormEpsilon = 1e-5", text: "Pooling = Pooling.HighestId, Activation = Activation.QuickGelu, NormEpsilon = 1e-5"),
            "of 'OpenPictures', Activation is Gelu, but OpenAiClip checkpoints have QuickGelu: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", OpenClip("Clip<OpenPictures, [|OpenText|]>(Embedding = 4)", "OpenAiClip", "Activation = Activation.QuickGelu, NormEpsilon = 1e-5", text: "Pooling = Pooling.End, EndToken = 10, Activation = Activation.QuickGelu, NormEpsilon = 1e-5"),
            "of 'OpenText', Pooling is End, but OpenAiClip checkpoints have HighestId: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", OpenClip("Clip<OpenPictures, [|OpenText|]>(Embedding = 4)", "OpenClip", "Activation = Activation.QuickGelu"),
            "'OpenPictures' has Activation QuickGelu and 'OpenText' Gelu, but OpenClip checkpoints have one for both: give both the same, or store the model as CheckpointFormat.Native"),
        new("MC1007", OpenClip("Clip<[|OpenPictures|], OpenText>(Projection = Projection.None)", "OpenClip", "Activation = Activation.Gelu", text: "Width = 8, Heads = 2, Pooling = Pooling.HighestId, Pooler = Pooler.Linear"),
            "of 'OpenPictures', Pooler is None, but OpenClip checkpoints have Linear: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", OpenClip("Clip<OpenPictures, [|OpenText|]>(Embedding = 4)", "OpenClipCustomText", "Activation = Activation.Gelu", text: "Pooling = Pooling.Last"),
            "of 'OpenText', AttendPadding is false, but OpenClipCustomText checkpoints have true: change it, or store the model as CheckpointFormat.Native"),
        new("MC2006", Clip("Clip<[|string|], Words>(Embedding = 4)"), $"'string' is no tower: it needs one of {Towers}"),
        new("MC2006", Clip("ModelCompiler.Clip<Pictures2, [|int[]|]>(Embedding = 4)"), $"'int[]' is no tower: it needs one of {Towers}"),
        new("MC2006", Clip("Clip<[|Words|], Words>(Embedding = 4)"), "'Words' reads text, and TImage is the tower of pictures: name a class with one of [PrecomputedFeatures], [VisionTransformer]"),
        new("MC2006", Clip("Clip<Pictures2, [|Pictures2|]>(Embedding = 4)"), "'Pictures2' reads pictures, and TText is the tower of text: name a class with one of [PrecomputedFeatures], [TransformerDecoder], [TransformerEncoder]"),
        new("MC2007", Clip("Clip<Pictures2, [|M|]>(Embedding = 4)"), $"'M' is made of itself: name a class that says what the tower is, one of {Towers}"),
    ];

    // Words that a format holds have an end.
    private static string Clip(string attributes, string more = "", bool words = true) =>
        $"[{attributes}] public partial class M; {Pictures} {(words ? Words : Words.Replace("Pooling = Pooling.Last", "Pooling = Pooling.HighestId"))} {more}";

    private const string ClipPictures = "EmbeddingNorm = true, PoolNorm = true, FinalNorm = Toggle.Off, Biases = Biases.All & ~Biases.Patch";

    private static string Dual(string composition, string images, string text = ", Checkpoint(CheckpointFormat.HuggingFaceBert)", string pooler = "Pooler.Tanh", string format = "HuggingFaceVisionTextDual", string? pictures = null) => $"""
        [{composition}, Checkpoint(CheckpointFormat.{format})] public partial class M;
        [VisionTransformer(ImageSize = 8, PatchSize = 4, Width = 8, Depth = 1, Heads = 2, {pictures ?? $"Pooler = {pooler}"}){images}] public partial class DualPictures;
        [TransformerEncoder(Vocabulary = 11, Context = 6, Width = 8, Depth = 1, Heads = 2, Segments = 2, NormPlacement = NormPlacement.Post, EmbeddingNorm = true, Pooling = Pooling.Cls, Pooler = Pooler.Tanh){text}] public partial class DualText;
        """;

    private static string OpenClip(string composition, string format, string pictures, string text = "Pooling = Pooling.HighestId") => $"""
        [{composition}, Checkpoint(CheckpointFormat.{format})] public partial class M;
        [VisionTransformer(ImageSize = 8, PatchSize = 4, Width = 8, Depth = 1, Heads = 2, {ClipPictures}, {pictures})] public partial class OpenPictures;
        [TransformerDecoder(Vocabulary = 11, Context = 6{(text.Contains("Width") ? "" : ", Width = 12")}, Depth = 1{(text.Contains("Heads") ? "" : ", Heads = 2")}, {text})] public partial class OpenText;
        """;

    // All that the format holds, but for what a row says.
    private static string Siglip(
        string image = "SigPictures", string text = "SigText", string options = "Bias = true", string pictures = "Pooling = Pooling.Attention", string words = "AttendPadding = true, Pooler = Pooler.Linear", string kind = "TransformerEncoder") => $"""
        [Clip<{image}, {text}>({(options.Contains("Projection = ") ? "" : "Projection = Projection.None, ")}{options}), Checkpoint(CheckpointFormat.HuggingFaceSiglip)] public partial class M;
        [VisionTransformer(ImageSize = 8, PatchSize = 4, Width = 8, Depth = 1, Heads = 2, ClassToken = false, {pictures})] public partial class SigPictures;
        [{kind}(Vocabulary = 11, Context = 6, Width = 8, Depth = 1, Heads = 2, Pooling = Pooling.Last, {words})] public partial class SigText;
        """;
}
