namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>Options of architectures by what checkpoints make of them.</summary>
internal static class OptionNames
{
    /// <summary>Training may choose them anew without changing what stored weights mean.</summary>
    public static IReadOnlyCollection<string> Training { get; } =
    [
        nameof(TransformerAttribute.EmbeddingDropout), nameof(TransformerAttribute.AttentionDropout), nameof(TransformerAttribute.ResidualDropout), nameof(TransformerAttribute.HeadDropout),
        nameof(TransformerAttribute.Initialization), nameof(TransformerAttribute.InitialDeviation), nameof(TransformerAttribute.HiddenStates), nameof(TransformerAttribute.Attentions), nameof(TransformerAttribute.Recompute),
        nameof(ClassificationAttribute.Targets), nameof(ClassificationAttribute.LabelSmoothing), nameof(ClassificationAttribute.Focal), nameof(ClassificationAttribute.FocalAlpha), nameof(ClassificationAttribute.TeacherShare), nameof(ClassificationAttribute.TeacherTemperature), nameof(PairObjectiveAttribute.Weight), nameof(ContrastiveAttribute.ByIds), nameof(ContrastiveAttribute.SoftTargets),
        nameof(ContrastiveAttribute.BatchNegatives), nameof(CompositionAttribute.Momentum), nameof(CompositionAttribute.Queue), nameof(TripletAttribute.Margin), nameof(TripletAttribute.Hardest),
        nameof(SimilarityDistillationAttribute.TeacherWidth), nameof(SimilarityDistillationAttribute.TeacherScale),
        nameof(QueryContrastiveAttribute.OwnSideOnly), nameof(ImageTextMatchingAttribute.Negatives), nameof(Blip2PretrainingAttribute<object, object, object>.DecayScale),
        nameof(TextTransformerAttribute.Tokenizer), nameof(Attribute.TypeId),
    ];

    /// <summary>Every format says these in its configuration, or checks them one by one.</summary>
    public static IReadOnlyCollection<string> Transformer { get; } =
    [
        nameof(TransformerAttribute.Width), nameof(TransformerAttribute.Depth), nameof(TransformerAttribute.Heads), nameof(TransformerAttribute.FeedForward), nameof(TransformerAttribute.Activation),
        nameof(TransformerAttribute.NormEpsilon), nameof(TransformerAttribute.FinalNorm), nameof(TransformerAttribute.Biases), nameof(TransformerAttribute.Pooling),
    ];

    /// <summary>The same of models of text.</summary>
    public static IReadOnlyCollection<string> Text { get; } =
    [
        .. Transformer, nameof(TextTransformerAttribute.Vocabulary), nameof(TextTransformerAttribute.Context), nameof(TextTransformerAttribute.PaddingToken), nameof(TextTransformerAttribute.LearnPadding),
    ];

    /// <summary>The same of models of pictures.</summary>
    public static IReadOnlyCollection<string> Vision { get; } = [.. Transformer, .. PictureSize.Options];
}
