namespace ModelCompiler;

/// <summary>The options of models of two towers, whose pooled vectors are projected to one joint space and compared there. The towers are models of their own, named by the attribute's type arguments.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class CompositionAttribute : ModelAttribute
{
    /// <summary>Channels of the joint space; with <see cref="Projection.None"/> 0, or the width that both towers have.</summary>
    public int Embedding { get; set; }

    /// <summary>What stands between a tower's pooled vector and the joint space.</summary>
    public Projection Projection { get; set; } = Projection.Linear;

    /// <summary>What similarities are multiplied by.</summary>
    public SimilarityScale Scale { get; set; } = SimilarityScale.Learned;

    /// <summary>Similarities are divided by it, at the start where the scale is learned; above 0.</summary>
    public double Temperature { get; set; } = 0.07;

    /// <summary>The most that a learned scale can become; more than <c>1 / Temperature</c>, or 0: it has no limit.</summary>
    public double ScaleLimit { get; set; } = 100;

    /// <summary>A learned number is added to scaled similarities (SigLIP), never decayed.</summary>
    public bool Bias { get; set; }

    /// <summary>What <see cref="Bias"/> starts from; -1000 up to below 1000.</summary>
    public double InitialBias { get; set; } = -10;
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
