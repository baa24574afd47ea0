namespace ModelCompiler;

/// <summary>
/// A Q-Former that learns to find what a text says of a picture (first stage of BLIP-2; Li et al. 2023, arXiv:2301.12597): its queries and a text go through the same self-attention, each
/// with a feed-forward of its own, and the queries alone read the picture. Three objectives share the weights and one pass of the pictures, and differ in what is seen:
/// <see cref="QueryContrastiveAttribute"/> (queries and text do not see each other), <see cref="ImageTextMatchingAttribute"/> (all see all) and <see cref="ImageGroundedTextAttribute"/>
/// (queries see each other, a token sees them and what is before it). Parameters are named as in <see cref="Blip2Attribute{TImage,TQFormer,TText}"/>, so that <c>image</c> and <c>qformer</c> can go on there.
/// </summary>
/// <typeparam name="TImage">A class with <see cref="VisionTransformerAttribute"/>; usually frozen: <c>[Freeze("image")]</c>.</typeparam>
/// <typeparam name="TQFormer">A class with <see cref="QFormerAttribute{TImage}"/> that reads <typeparamref name="TImage"/>.</typeparam>
/// <typeparam name="TText">
/// A class with <see cref="TransformerEncoderAttribute"/> that says how texts are embedded and what their feed-forward is; <c>Width</c>, <c>Depth</c>, heads and norms are the Q-Former's.
/// </typeparam>
[AttributeUsage(AttributeTargets.Class)]
public sealed class Blip2PretrainingAttribute<TImage, TQFormer, TText> : TowersAttribute
    where TImage : class
    where TQFormer : class
    where TText : class
{
    /// <summary>Channels of the space where queries and texts are compared, 1 or more; BLIP-2: 256.</summary>
    public int Embedding { get; set; }

    /// <summary>What similarities are multiplied by; a learned one has no limits.</summary>
    public SimilarityScale Scale { get; set; } = SimilarityScale.LearnedTemperature;

    /// <summary>Similarities are divided by it, at the start where the scale is learned; above 0.</summary>
    public double Temperature { get; set; } = 0.07;

    /// <summary>A learned scale decays as weights do.</summary>
    public bool DecayScale { get; set; }
}
