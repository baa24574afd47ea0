namespace ModelCompiler;

/// <summary>The options that every transformer tower shares. Counts are positive; a 0 stands for the documented default.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class TransformerAttribute : TowerAttribute
{
    /// <summary>Channels of the residual stream; a multiple of <see cref="Heads"/>, where <see cref="HeadWidth"/> is not set.</summary>
    public override int Width { get; set; }

    /// <summary>Number of blocks, 1 or more.</summary>
    public int Depth { get; set; }

    /// <summary>Attention heads.</summary>
    public int Heads { get; set; }

    /// <summary>Heads of keys and values, of which several heads of queries may share one; divides <see cref="Heads"/>; 0 means as many.</summary>
    public int KeyHeads { get; set; }

    /// <summary>Channels of a head; 0 means <c>Width / Heads</c>.</summary>
    public int HeadWidth { get; set; }

    /// <summary>What scores are multiplied by before the softmax.</summary>
    public AttentionScale AttentionScale { get; set; }

    /// <summary>Norms over each head's channels of queries and of keys, before attention (Dehghani et al. 2023, arXiv:2302.05442).</summary>
    public bool QueryKeyNorm { get; set; }

    /// <summary>Channels inside the feed-forward part; 0 means 4 x <see cref="Width"/>.</summary>
    public int FeedForward { get; set; }

    /// <summary>Whether the feed-forward part is down(activation(gate(x)) x up(x)) (Shazeer 2020, arXiv:2002.05202) instead of down(activation(up(x))).</summary>
    public bool Gated { get; set; }

    /// <summary>Activation of the feed-forward part.</summary>
    public Activation Activation { get; set; } = Activation.Gelu;

    /// <summary>The kind of every norm.</summary>
    public Norm Norm { get; set; } = Norm.Layer;

    /// <summary>Whether norms stand before each sub-layer or after its residual sum.</summary>
    public NormPlacement NormPlacement { get; set; } = NormPlacement.Pre;

    /// <summary>Added to the variance (or mean square) under the root; above 0 and below 1.</summary>
    public double NormEpsilon { get; set; } = 1e-5;

    /// <summary>A norm after the last block. <see cref="Toggle.Auto"/>: with <see cref="NormPlacement.Pre"/> only.</summary>
    public Toggle FinalNorm { get; set; } = Toggle.Auto;

    /// <summary>Added to the variance in the final norm; 0: as in the others (<see cref="NormEpsilon"/>). BLIP-2's norm over the tokens of a picture has 1e-5 behind blocks with 1e-6.</summary>
    public double FinalNormEpsilon { get; set; }

    /// <summary>A norm over the embeddings, before the first block.</summary>
    public bool EmbeddingNorm { get; set; }

    /// <summary>Which projections and norms have a bias.</summary>
    public Biases Biases { get; set; } = Biases.All;

    /// <summary>Initial value of the learned scale on each sub-layer's output (layer scale); 0 means there is none.</summary>
    public double LayerScale { get; set; }

    /// <summary>How one vector a sample is made of the token vectors.</summary>
    public override Pooling Pooling { get; set; } = Pooling.None;

    /// <summary>A norm on the pooled vector.</summary>
    public bool PoolNorm { get; set; }

    /// <summary>A projection and an activation on the pooled vector, as BERT's pooler.</summary>
    public Pooler Pooler { get; set; } = Pooler.None;

    /// <summary>Channels behind <see cref="Pooler"/>; 0 means as many as before it.</summary>
    public int PoolerWidth { get; set; }

    /// <summary>A bias in <see cref="Pooler"/>.</summary>
    public bool PoolerBias { get; set; } = true;

    /// <summary>Where positions come from.</summary>
    public Positions Positions { get; set; } = Positions.Learned;

    /// <summary>Probability that an entry of the embeddings is dropped; 0 up to below 1, as all dropouts.</summary>
    public double EmbeddingDropout { get; set; }

    /// <summary>Dropout on attention probabilities.</summary>
    public double AttentionDropout { get; set; }

    /// <summary>Dropout on the output of each sub-layer, before it is added to the residual stream.</summary>
    public double ResidualDropout { get; set; }

    /// <summary>Dropout on the vector that a classification head reads.</summary>
    public double HeadDropout { get; set; }

    /// <summary>The distribution that weights start from.</summary>
    public Initialization Initialization { get; set; } = Initialization.Normal;

    /// <summary>Standard deviation of <see cref="Initialization"/>, where it has one; above 0.</summary>
    public double InitialDeviation { get; set; } = 0.02;

    /// <summary>Forward also returns the input of the first block and the output of every block.</summary>
    public bool HiddenStates { get; set; }

    /// <summary>
    /// Forward also returns the attention weights of every block, [batch, heads, queries, keys]: <c>Attentions</c> of the tower's own tokens, and <c>CrossAttentions</c> of another tower's in each block that
    /// reads one. Those of a query are 0 up to 1 and add up to 1 (all 0 where it sees nothing). They are computed beside attention, which never stores them; training steps, encoding and generation are as without.
    /// </summary>
    public bool Attentions { get; set; }

    /// <summary>Keep only each block's input for backward and compute the block once more there: less memory, about a third more work.</summary>
    public bool Recompute { get; set; }
}
