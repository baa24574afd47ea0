namespace ModelCompiler;

/// <summary>
/// Learned queries that see each other and read a tower of pictures by cross-attention (Q-Former of BLIP-2; Li et al. 2023, arXiv:2301.12597): a few vectors for a whole
/// picture. A norm stands over the queries (<see cref="TransformerAttribute.EmbeddingNorm"/>) and norms behind sub-layers, as in BERT. What pools is left out of the tower;
/// <see cref="TransformerAttribute.Pooling"/> here is of the queries.
/// </summary>
/// <typeparam name="TImage">A class with <see cref="VisionTransformerAttribute"/>; usually frozen: <c>[Freeze("image")]</c>.</typeparam>
[AttributeUsage(AttributeTargets.Class)]
public sealed class QFormerAttribute<TImage> : TransformerAttribute
    where TImage : class
{
    public QFormerAttribute() => (NormPlacement, NormEpsilon, EmbeddingNorm, Positions) = (NormPlacement.Post, 1e-12, true, Positions.None);

    /// <summary>Number of queries, 1 or more.</summary>
    public int Queries { get; set; }

    /// <summary>
    /// Blocks 0, this, twice this and so on read the picture; 1 to <see cref="TransformerAttribute.Depth"/>. Blocks that differ from the one before them are methods of their own in emitted code.
    /// </summary>
    public int CrossEvery { get; set; } = 2;
}
