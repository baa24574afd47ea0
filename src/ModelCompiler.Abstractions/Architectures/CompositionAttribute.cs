namespace ModelCompiler;

/// <summary>The options of models of two towers, whose pooled vectors are projected to one joint space and compared there. The towers are models of their own, named by the attribute's type arguments.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class CompositionAttribute : TowersAttribute
{
    /// <summary>Channels of the joint space; with <see cref="Projection.None"/> 0, or the width that both towers have.</summary>
    public int Embedding { get; set; }

    /// <summary>What stands between a tower's pooled vector and the joint space.</summary>
    public Projection Projection { get; set; } = Projection.Linear;

    /// <summary>What a similarity is; another one than cosines needs a <see cref="Scale"/> of <see cref="SimilarityScale.None"/>.</summary>
    public SimilarityMeasure Measure { get; set; }

    /// <summary>What similarities are multiplied by.</summary>
    public SimilarityScale Scale { get; set; } = SimilarityScale.Learned;

    /// <summary>Similarities are divided by it, at the start where the scale is learned; above 0.</summary>
    public double Temperature { get; set; } = 0.07;

    /// <summary>The most that a learned scale can become; more than <c>1 / Temperature</c>, or 0: it has no limit.</summary>
    public double ScaleLimit { get; set; } = 100;

    /// <summary>
    /// The least that a learned scale can become: below <c>1 / Temperature</c> and <see cref="ScaleLimit"/>, or 0: it has no floor. ALBEF and BLIP hold their temperature between
    /// 0.001 and 0.5, which is a <see cref="ScaleLimit"/> of 1000 and a floor of 2.
    /// </summary>
    public double ScaleFloor { get; set; }

    /// <summary>A learned number is added to scaled similarities (SigLIP), never decayed.</summary>
    public bool Bias { get; set; }

    /// <summary>What <see cref="Bias"/> starts from; -1000 up to below 1000.</summary>
    public double InitialBias { get; set; } = -10;

    /// <summary>
    /// Copies of both towers and their projections are kept, and <see cref="ContrastiveAttribute"/> compares each side with the other's copy: no gradient reaches them, and behind
    /// each step they become this many parts of themselves and the rest of the weights that train (MoCo, ALBEF). They begin as the weights do and see no dropout. 0: none; up to
    /// below 1, usual: 0.995. A tower that is frozen by its name, or of given vectors, has no copy: it never changes. Training checkpoints and folders of weights hold them.
    /// </summary>
    public double Momentum { get; set; }

    /// <summary>
    /// Vectors of past batches that <see cref="ContrastiveAttribute"/> has as further negatives on each side: those of the copies where there is a <see cref="Momentum"/>, else
    /// the features as they were. The newest take the place of the oldest behind each step. 0: none; every batch that trains must divide it. It begins with random unit vectors.
    /// </summary>
    public int Queue { get; set; }
}

/// <summary>What stands between a tower's pooled vector and the joint space.</summary>
public enum Projection
{
    /// <summary>The pooled vector is in the joint space as it is.</summary>
    None,

    /// <summary>W x, without a bias, as CLIP.</summary>
    Linear,

    /// <summary>W2 gelu(W1 x + b1) + b2, as wide inside as the pooled vector.</summary>
    Mlp,
}

/// <summary>What a similarity of two vectors is.</summary>
public enum SimilarityMeasure
{
    /// <summary>Their cosine: the product of unit vectors.</summary>
    Cosine,

    /// <summary>
    /// How far the second is from being more general than the first, -1 to 0, where it is: -|max(0, second - first)| of absolute values of unit vectors, which features then are
    /// (order embeddings, Vendrov et al. 2016, arXiv:1511.06361; <c>order</c> of VSE++). For <see cref="TripletAttribute"/> alone. An index of vectors ranks by cosines, so
    /// retrieval is by <c>Logits</c>.
    /// </summary>
    Order,
}

/// <summary>What similarities are multiplied by.</summary>
public enum SimilarityScale
{
    /// <summary>exp(s), s learned from ln(1 / temperature) on and never decayed, limited above (CLIP).</summary>
    Learned,

    /// <summary>1 / temperature.</summary>
    Fixed,

    /// <summary>1 / t, t learned from the temperature on and never decayed, the quotient limited above (ALBEF, BLIP).</summary>
    LearnedTemperature,

    /// <summary>Nothing: similarities are cosines.</summary>
    None,
}
