using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Testing;

/// <summary>Small models of every kind, as specs.</summary>
internal static partial class ModelCases
{
    /// <summary>Decoders that only generation is tested with: what the other cases have no decoder of.</summary>
    public static IReadOnlyDictionary<string, AttributeSpec[]> Decoders { get; } = new Dictionary<string, AttributeSpec[]>
    {
        ["sinusoidal"] = [Text("TransformerDecoder", ("Positions", Positions.Sinusoidal), ("AttendPadding", true)), Attribute("CausalLanguageModel", ("Bias", true))],
        ["unnumbered"] = [Text("TransformerDecoder", ("Positions", Positions.None), ("Pooling", Pooling.Last), ("HiddenStates", true)), Attribute("CausalLanguageModel")],
        ["mixed"] = [Text("TransformerDecoder", ("KeyHeads", 1), ("QueryKeyNorm", true), ("AttentionScale", AttentionScale.Layer), ("Segments", 2)), Attribute("CausalLanguageModel"), Attribute("MixedPrecision")],
    };

    /// <summary>Every case by name.</summary>
    public static IReadOnlyDictionary<string, AttributeSpec[]> All { get; } = new Dictionary<string, AttributeSpec[]>
    {
        ["vit"] = [Vision(), Attribute("Classification", ("Classes", 3))],
        ["vit-recompute"] = [Vision(("Recompute", true)), Attribute("Classification", ("Classes", 3))],
        ["vit-dropout"] = [Vision(("EmbeddingDropout", 0.2), ("AttentionDropout", 0.3), ("ResidualDropout", 0.2), ("HeadDropout", 0.1)), Attribute("Classification", ("Classes", 3))],
        ["vit-registers"] = [Vision(("Registers", 2), ("LayerScale", 0.5), ("PrefixPositions", false), ("EmbeddingNorm", true), ("Activation", Activation.QuickGelu), ("HiddenStates", true), ("Attentions", true)), Attribute("Classification", ("Classes", 3))],
        ["vit-mean"] = [Vision(("ClassToken", false), ("Pooling", Pooling.Mean), ("PoolNorm", true), ("FinalNorm", Toggle.Off), ("Positions", Positions.SinusoidalGrid), ("Activation", Activation.Silu)), Attribute("Classification", ("Classes", 3), ("MultiLabel", true))],
        ["vit-resized"] = [Vision(("ImageHeight", 12), ("PositionRows", 2)), Attribute("Classification", ("Classes", 2), ("Bias", false))],
        ["vit-rms"] = [Vision(("Norm", Norm.Rms), ("Biases", Biases.Query | Biases.Value), ("Pooler", Pooler.Tanh), ("Activation", Activation.Relu)), Attribute("FeatureRegression", ("Pooled", true))],
        ["vit-heads"] = [Vision(("ImageHeight", 12), ("PatchHeight", 6), ("PatchWidth", 2), ("QueryKeyNorm", true), ("KeyHeads", 1), ("Activation", Activation.Gelu10)), Attribute("Classification", ("Classes", 3))],
        ["vit-post"] = [Vision(("NormPlacement", NormPlacement.Post), ("Activation", Activation.GeluTanh)), Attribute("Classification", ("Classes", 3))],
        ["vit-focal"] = [Vision(("Pooling", Pooling.Mean), ("Depth", 1)), Attribute("Classification", ("Classes", 3), ("MultiLabel", true), ("Focal", 2.0), ("FocalAlpha", 0.25))],
        ["vit-taught"] = [Vision(("Depth", 1)), Attribute("Classification", ("Classes", 3), ("LabelSmoothing", 0.1), ("TeacherShare", 0.7), ("TeacherTemperature", 3.0))],
        ["vit-soft"] = [Vision(("Pooling", Pooling.Mean)), Attribute("Classification", ("Classes", 3), ("Targets", ClassTargets.Probabilities), ("LabelSmoothing", 0.1))],
        ["gpt"] = [Text("TransformerDecoder"), Attribute("CausalLanguageModel")],
        ["gpt-frozen"] = [Text("TransformerDecoder", ("HiddenStates", true)), Attribute("CausalLanguageModel", ("Tied", false), ("Bias", true)), Freeze("embeddings", "blocks.0")],
        ["gpt-last"] = [Text("TransformerDecoder", ("Pooling", Pooling.Last), ("Biases", Biases.None), ("Activation", Activation.Relu6)), Attribute("Classification", ("Classes", 3))],
        ["bert"] = [Text("TransformerEncoder", ("Segments", 2), ("NormPlacement", NormPlacement.Post), ("EmbeddingNorm", true), ("Pooling", Pooling.Cls), ("Pooler", Pooler.Tanh), ("PaddingToken", 0)), Attribute("MaskedLanguageModel", ("NextSentence", true))],
        ["roberta"] = [Text("TransformerEncoder", ("NormPlacement", NormPlacement.Post), ("EmbeddingNorm", true), ("PaddingToken", 1), ("PositionOffset", 2), ("Pooling", Pooling.Mean)), Attribute("Classification", ("Classes", 3))],
        ["sinusoidal"] = [Text("TransformerEncoder", ("Positions", Positions.Sinusoidal), ("Activation", Activation.Tanh)), Attribute("FeatureRegression")],
        ["bag"] =
        [
            Text("TransformerEncoder", ("Positions", Positions.None), ("Initialization", Initialization.Xavier), ("Biases", Biases.Query | Biases.Key | Biases.Output | Biases.Down)),
            Attribute("FeatureRegression"), Attribute("Sgd", ("Momentum", 0.5), ("Nesterov", true), ("DecayEmbeddings", true)), Attribute("LinearSchedule", ("Warmup", 2), ("Steps", 9), ("Minimum", 0.1)),
            Attribute("Accumulate", ("batches", 2)),
        ],
        ["mlm-untied"] =
        [
            Text("TransformerEncoder", ("NormPlacement", NormPlacement.Post), ("FinalNorm", Toggle.On), ("Initialization", Initialization.TruncatedNormal), ("InitialDeviation", 0.5),
                ("Biases", Biases.Value | Biases.Key | Biases.Up | Biases.Norm)),
            Attribute("MaskedLanguageModel", ("Tied", false), ("Activation", Activation.Relu)), Attribute("Lion", ("LearningRate", 1e-2), ("WeightDecay", 0.1), ("Beta1", 0.8), ("Beta2", 0.9)),
            Attribute("InverseSquareRootSchedule", ("Warmup", 2)),
        ],
        ["gpt-dropout"] =
        [
            Text("TransformerDecoder", ("Recompute", true), ("EmbeddingDropout", 0.2), ("AttentionDropout", 0.3), ("ResidualDropout", 0.2), ("PaddingToken", 3)), Attribute("CausalLanguageModel"),
            Attribute("AdamW", ("Beta1", 0.8), ("Beta2", 0.9), ("Epsilon", 1e-3)), Attribute("CosineSchedule", ("Warmup", 2), ("Steps", 9), ("Minimum", 0.1)), Attribute("ClipGradients", ("norm", 0.5)),
        ],
        ["llama"] =
        [
            Text("TransformerDecoder", ("Norm", Norm.Rms), ("Biases", Biases.None), ("Gated", true), ("Activation", Activation.Silu), ("Positions", Positions.Rotary), ("RotaryBase", 50.0),
                ("Heads", 4), ("KeyHeads", 2), ("HeadWidth", 6), ("PaddingToken", 0), ("LearnPadding", Toggle.Off), ("Attentions", true)),
            Attribute("CausalLanguageModel", ("Tied", false)),
        ],
        ["opt"] =
        [
            Text("TransformerDecoder", ("NormPlacement", NormPlacement.Post), ("Activation", Activation.Relu), ("EmbeddingWidth", 6), ("PaddingToken", 1), ("LearnPadding", Toggle.Off),
                ("PositionOffset", 2), ("AttentionScale", AttentionScale.HeadWidthAndLayer)),
            Attribute("CausalLanguageModel"),
        ],
        ["rotary-recompute"] =
        [
            Text("TransformerEncoder", ("Positions", Positions.Rotary), ("QueryKeyNorm", true), ("Norm", Norm.Rms), ("Activation", Activation.Sigmoid), ("Recompute", true), ("Gated", true), ("Biases", Biases.Gate), ("KeyHeads", 1),
                ("AttentionDropout", 0.2), ("AttentionScale", AttentionScale.Layer), ("Pooling", Pooling.ClsAndMean), ("Pooler", Pooler.Gelu), ("PoolerWidth", 5)),
            Attribute("Classification", ("Classes", 3)),
        ],
        ["deit"] = [Vision(("DistillationToken", true), ("Registers", 1)), Attribute("Classification", ("Classes", 3), ("Distilled", true))],
        ["deit-smoothed"] = [Vision(("DistillationToken", true)), Attribute("Classification", ("Classes", 3), ("Distilled", true), ("LabelSmoothing", 0.2))],
        ["dinov2"] =
        [
            Vision(("MaskToken", true), ("LayerScale", 0.5), ("Gated", true), ("Activation", Activation.Silu), ("Pooling", Pooling.ClsAndMean), ("Pooler", Pooler.Relu), ("AttentionScale", AttentionScale.None)),
            Attribute("Classification", ("Classes", 3)),
        ],
        ["clip"] = [Meet("Clip", ClipPictures, [Text("TransformerDecoder", ("Pooling", Pooling.End), ("EndToken", 10), ("Width", 12), ("Heads", 3), ("Activation", Activation.QuickGelu))], ("Embedding", 7)), Attribute("Contrastive")],
        ["clip-frozen"] =
        [
            Meet("Clip", ClipPictures, [Text("TransformerEncoder", ("Pooling", Pooling.Mean), ("ResidualDropout", 0.2)), Freeze("embeddings")], ("Embedding", 6), ("Projection", Projection.Mlp), ("Temperature", 0.2), ("ScaleLimit", 50.0)),
            Attribute("Contrastive"), Freeze("image"),
        ],
        ["siglip"] =
        [
            Meet("Clip", [Vision(("ClassToken", false), ("Pooling", Pooling.Attention), ("Activation", Activation.GeluTanh))],
                [Text("TransformerEncoder", ("AttendPadding", true), ("Pooling", Pooling.Last), ("Pooler", Pooler.Linear))], ("Projection", Projection.None), ("Temperature", 0.1), ("ScaleLimit", 0.0), ("Bias", true), ("InitialBias", -2.0)),
            Attribute("PairwiseSigmoid"),
        ],
        ["pairs-of-losses"] =
        [
            Meet("Clip", [Vision(("ClassToken", false), ("Pooling", Pooling.Attention), ("Biases", Biases.Query | Biases.Value))], [Text("TransformerDecoder", ("AttendPadding", true), ("Pooling", Pooling.Last), ("Pooler", Pooler.Linear), ("PoolerBias", false))],
                ("Embedding", 5), ("Bias", true)),
            Attribute("Contrastive", ("Weight", 0.5)), Attribute("PairwiseSigmoid", ("Weight", 2.0)),
        ],
        ["vse"] =
        [
            Meet("DualEncoder", [Text("TransformerEncoder", ("Pooling", Pooling.Mean))], [Text("TransformerDecoder", ("Pooling", Pooling.Last), ("Context", 4))], ("Projection", Projection.None), ("Scale", SimilarityScale.None)),
            Attribute("Triplet", ("Margin", 0.3), ("Weight", 0.5)),
        ],
        ["vse-order"] =
        [
            // Of vectors unlike each other: features of towers that have not learnt differ by little, and what is left of them by rounding.
            Meet("DualEncoder", [Given()], [Given()], ("Embedding", 6), ("Scale", SimilarityScale.None), ("Measure", SimilarityMeasure.Order)),
            Attribute("Triplet", ("Margin", 0.05)),
        ],
        ["vse-hardest"] =
        [
            Meet("Clip", [Vision()], [Text("TransformerEncoder", ("Pooling", Pooling.Cls))], ("Embedding", 8), ("Scale", SimilarityScale.LearnedTemperature)),
            Attribute("Triplet", ("Hardest", true)), Attribute("Contrastive", ("ByIds", true)),
        ],
        ["distilled-pairs"] =
        [
            Meet("Clip", [Vision()], [Text("TransformerDecoder", ("Pooling", Pooling.Last))], ("Embedding", 5)),
            Attribute("Contrastive"), Attribute("SimilarityDistillation", ("TeacherWidth", 3), ("TeacherScale", 4.0), ("Weight", 0.5)),
        ],
        ["momentum"] =
        [
            Meet("Clip", [Vision(("ResidualDropout", 0.2), ("Attentions", true))], [Text("TransformerDecoder", ("Pooling", Pooling.Last), ("HiddenStates", true))],
                ("Embedding", 5), ("Scale", SimilarityScale.LearnedTemperature), ("ScaleFloor", 2.0), ("Momentum", 0.9), ("Queue", 24)),
            Attribute("Contrastive", ("SoftTargets", 0.4)), Attribute("AdamW", ("LearningRate", 0.01), ("WeightDecay", 0.1), ("Epsilon", 1e-3)),
        ],
        ["momentum-alone"] =
        [
            Meet("DualEncoder", [Text("TransformerEncoder", ("Pooling", Pooling.Cls), ("Positions", Positions.Sinusoidal)), Freeze("embeddings")], [Text("TransformerEncoder", ("Pooling", Pooling.Mean))],
                ("Projection", Projection.None), ("Momentum", 0.5)),
            Attribute("Contrastive"), Freeze("first.blocks.0"),
        ],
        ["queue"] = [Meet("DualEncoder", [Vision()], [Vision()], ("Embedding", 3), ("Queue", 48), ("Momentum", 0.75)), Attribute("Contrastive", ("BatchNegatives", false)), Attribute("Sgd", ("Momentum", 0.9))],
        ["queue-alone"] = [Meet("DualEncoder", [Vision()], [Vision()], ("Embedding", 3), ("Queue", 24)), Attribute("Contrastive"), Attribute("AdamW", ("Epsilon", 1e-3))],
        ["momentum-frozen"] =
        [
            Meet("Clip", [Vision(("Depth", 1))], [Text("TransformerEncoder", ("Pooling", Pooling.Mean), ("ResidualDropout", 0.2), ("Depth", 1))], ("Embedding", 4), ("Momentum", 0.8), ("Queue", 24)),
            Attribute("Contrastive", ("SoftTargets", 0.3)), Freeze("text", "text_projection"), Attribute("AdamW", ("Epsilon", 1e-3)),
        ],
        ["momentum-locked"] =
        [
            Meet("DualEncoder", [Given()], [Text("TransformerEncoder", ("Pooling", Pooling.Mean), ("ResidualDropout", 0.2), ("Depth", 1))], ("Embedding", 4), ("Momentum", 0.8), ("Queue", 24)),
            Attribute("Contrastive"), Freeze("second"), Attribute("AdamW", ("Epsilon", 1e-3)),
        ],
        ["supervised-contrastive"] = [Vision(), Attribute("SupervisedContrastive", ("Temperature", 0.3))],
        ["vit-supervised"] =
        [
            Vision(("Depth", 1)), Attribute("Classification", ("Classes", 3)),
            Attribute("FeatureRegression", ("Hidden", false), ("Pooled", true), ("Weight", 2.0)), Attribute("SupervisedContrastive", ("Weight", 0.5)),
        ],
        ["dual-text"] =
        [
            Meet("DualEncoder", [Text("TransformerEncoder", ("Pooling", Pooling.Cls), ("Recompute", true))], [Text("TransformerDecoder", ("Pooling", Pooling.HighestId), ("Depth", 1), ("Context", 9))], ("Projection", Projection.None), ("Scale", SimilarityScale.Fixed)),
            Attribute("Contrastive"), Freeze("first.blocks.0"),
        ],
        ["dual-shared"] =
        [
            Meet("DualEncoder", [Text("TransformerEncoder", ("Pooling", Pooling.Mean), ("Pooler", Pooler.Tanh))], [Text("TransformerEncoder", ("Pooling", Pooling.Mean), ("Pooler", Pooler.Tanh), ("Recompute", true))], ("Embedding", 5)),
            Attribute("Contrastive"), Share(),
        ],
        ["momentum-shared"] =
        [
            Meet("DualEncoder", [Text("TransformerEncoder", ("Pooling", Pooling.Cls))], [Text("TransformerEncoder", ("Pooling", Pooling.Mean))], ("Embedding", 4), ("Momentum", 0.6), ("Queue", 24)),
            Attribute("Contrastive", ("SoftTargets", 0.2)), Share("embeddings", "blocks", "projection"), Attribute("AdamW", ("Epsilon", 1e-3)),
        ],
        ["clip-shared"] =
        [
            Meet("Clip", [Vision(), Freeze("blocks.1")], [Text("TransformerDecoder", ("Pooling", Pooling.Last), ("ResidualDropout", 0.2))], ("Embedding", 6)), Attribute("PairwiseSigmoid"), Share("blocks", "projection"),
        ],
        ["dual-pictures"] = [Meet("DualEncoder", [Vision()], [Vision(("ImageHeight", 12), ("Pooling", Pooling.Mean))], ("Embedding", 5)), Attribute("Contrastive")],
        ["seq2seq"] =
        [
            Meet("EncoderDecoder",
                [Text("TransformerEncoder", ("NormPlacement", NormPlacement.Post), ("ScaleEmbeddings", true), ("Positions", Positions.SinusoidalHalves), ("PaddingToken", 0), ("Pooling", Pooling.Cls), ("Pooler", Pooler.Tanh))],
                [Text("TransformerDecoder", ("NormPlacement", NormPlacement.Post), ("ScaleEmbeddings", true), ("Positions", Positions.Learned), ("PositionOffset", 2), ("CountPadding", true), ("PaddingToken", 0), ("LearnPadding", Toggle.Off), ("EmbeddingNorm", true), ("Heads", 4))]),
            Attribute("CausalLanguageModel", ("Bias", true), ("LabelSmoothing", 0.1)), Share("embeddings.token"), Freeze("decoder.head.bias"),
        ],
        ["captioner"] =
        [
            Meet("EncoderDecoder", [Vision(("Width", 12), ("Heads", 3), ("Pooling", Pooling.Mean), ("HiddenStates", true))], [Text("TransformerDecoder", ("AttentionDropout", 0.2), ("ResidualDropout", 0.2), ("Recompute", true), ("HiddenStates", true), ("Attentions", true))], ("Projection", true)),
            Attribute("CausalLanguageModel"),
        ],
        ["captioner-frozen"] =
        [
            Meet("EncoderDecoder", [Vision(("Width", 12), ("Heads", 3), ("Depth", 1))], [Text("TransformerDecoder", ("Heads", 4), ("KeyHeads", 2), ("HeadWidth", 6), ("Positions", Positions.Rotary), ("Norm", Norm.Rms), ("Gated", true), ("Biases", Biases.Value | Biases.Gate), ("AttentionScale", AttentionScale.HeadWidthAndLayer)), Freeze("blocks.0")]),
            Attribute("CausalLanguageModel", ("Tied", false)), Freeze("encoder"),
        ],
        ["qformer"] =
        [
            Reads([Vision(("Width", 12), ("Heads", 3), ("Depth", 1), ("HiddenStates", true))], ("Queries", 3), ("Depth", 3), ("Pooling", Pooling.Mean), ("ResidualDropout", 0.2), ("Positions", Positions.None), ("Attentions", true)),
            Attribute("Classification", ("Classes", 3)),
        ],
        ["qformer-frozen"] =
        [
            Reads([Vision(("Width", 12), ("Heads", 3), ("Depth", 1)), Freeze("embeddings")], ("Queries", 2), ("Depth", 2), ("CrossEvery", 1), ("EmbeddingNorm", false), ("NormPlacement", NormPlacement.Pre), ("Recompute", true)),
            Attribute("FeatureRegression"), Freeze("image.blocks"),
        ],
        ["blip2"] =
        [
            Attribute("Blip2") with
            {
                TypeArguments = new(
                [
                    Tower("First", Vision(("Width", 12), ("Heads", 3), ("Depth", 1))), Tower("Second", Reads([Vision(("Width", 12), ("Heads", 3), ("Depth", 1))], ("Queries", 2), ("Depth", 2))),
                    Tower("Third", Text("TransformerDecoder", ("EmbeddingWidth", 6), ("PaddingToken", 1), ("LearnPadding", Toggle.Off), ("PositionOffset", 2), ("Activation", Activation.Relu), ("HiddenStates", true))),
                ]),
            },
            Attribute("CausalLanguageModel"), Freeze("image", "text.blocks"),
        ],
        ["blip2-pretraining"] =
        [
            Beside([("Queries", 2), ("Depth", 2), ("ResidualDropout", 0.2), ("AttentionDropout", 0.3), ("EmbeddingDropout", 0.1), ("HiddenStates", true), ("Attentions", true)], [("Activation", Activation.Relu), ("PaddingToken", 0), ("LearnPadding", Toggle.On), ("ResidualDropout", 0.2), ("HiddenStates", true), ("Attentions", true)], ("Embedding", 5)),
            Attribute("QueryContrastive", ("Weight", 0.5)), Attribute("ImageTextMatching"), Attribute("ImageGroundedText", ("StartToken", 10), ("Weight", 2.0)), Freeze("image.blocks"),
        ],
        ["blip2-pretraining-ids"] =
        [
            Beside([("Queries", 3), ("Depth", 3), ("Recompute", true), ("Heads", 4), ("KeyHeads", 2)], [("AttendPadding", true), ("Depth", 3), ("Heads", 4), ("KeyHeads", 2), ("FeedForward", 10), ("Positions", Positions.Sinusoidal)], ("Embedding", 6), ("Scale", SimilarityScale.Fixed), ("Temperature", 0.5)),
            Attribute("QueryContrastive", ("ByIds", true)), Attribute("ImageTextMatching", ("Negatives", HardNegatives.MostSimilar)), Freeze("text.blocks.1"),
        ],
        ["blip2-pretraining-apart"] =
        [
            Beside([("Queries", 2), ("Depth", 1), ("CrossEvery", 1)], [("Depth", 1)], ("Embedding", 4), ("DecayScale", true)),
            Attribute("QueryContrastive", ("LabelSmoothing", 0.2), ("OwnSideOnly", true)), Attribute("AdamW", ("WeightDecay", 0.1), ("DecayEmbeddings", true), ("DecayTokens", false), ("Epsilon", 1e-3)),
        ],
        ["blip2-matches"] =
        [
            Beside([("Queries", 2), ("Depth", 2)], [], ("Embedding", 4), ("Scale", SimilarityScale.None)), Attribute("ImageTextMatching", ("Negatives", HardNegatives.Given)),
        ],
        ["blip2-says"] =
        [
            Beside([("Queries", 2), ("Depth", 2), ("EmbeddingNorm", false), ("CrossEvery", 1)], [("EmbeddingNorm", false)], ("Embedding", 4)),
            Attribute("ImageGroundedText", ("StartToken", 1), ("LabelSmoothing", 0.0)),
        ],
        ["features-dual"] =
        [
            Meet("DualEncoder", [Given(("Tokens", 5), ("Padded", true))], [Given(("Width", 6))], ("Embedding", 4), ("Projection", Projection.Mlp)), Attribute("Contrastive"),
        ],
        ["features-clip"] =
        [
            Meet("Clip", [Given(("Tokens", 3), ("Pooling", Pooling.Cls))], [Text("TransformerDecoder", ("Pooling", Pooling.Last))], ("Embedding", 5), ("Momentum", 0.8)), Attribute("Contrastive"),
        ],
        ["features-qformer"] = [Reads([Given(("Tokens", 5), ("Padded", true))], ("Queries", 3), ("Depth", 2), ("HiddenStates", true), ("Attentions", true)), Attribute("FeatureRegression")],
        ["features-captioner"] = [Meet("EncoderDecoder", [Given(("Tokens", 5), ("Padded", true))], [Text("TransformerDecoder")]), Attribute("CausalLanguageModel")],
        ["features-pretraining"] =
        [
            Beside(Given(("Tokens", 5), ("Padded", true)), [("Queries", 2), ("Depth", 1), ("CrossEvery", 1)], [("Depth", 1)], ("Embedding", 4)),
            Attribute("QueryContrastive"), Attribute("ImageTextMatching"), Attribute("ImageGroundedText", ("StartToken", 1)),
        ],
        ["vit-bag"] =
        [
            Vision(("ImageWidth", 12), ("Channels", 1), ("ClassToken", false), ("Pooling", Pooling.None), ("Positions", Positions.None), ("Biases", Biases.Output | Biases.Up | Biases.Patch)),
            Attribute("FeatureRegression"), Attribute("ConstantSchedule", ("Warmup", 2)), Attribute("AverageWeights", ("decay", 0.5)),
        ],
        ["vit-distilled"] =
        [
            Vision(("PositionRows", 3), ("PositionColumns", 1), ("NormEpsilon", 1e-3), ("Initialization", Initialization.ScaledNormal), ("Biases", Biases.Down | Biases.Norm | Biases.Patch)),
            Attribute("FeatureRegression", ("Hidden", false), ("Pooled", true)),
        ],
    };
}
