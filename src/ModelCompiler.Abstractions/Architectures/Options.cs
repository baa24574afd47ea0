namespace ModelCompiler;

/// <summary>Activations. The three GELUs are different functions: a checkpoint names the one it was trained with.</summary>
public enum Activation
{
    /// <summary>x Phi(x), the exact GELU.</summary>
    Gelu,

    /// <summary>x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), called gelu_new or gelu_pytorch_tanh elsewhere.</summary>
    GeluTanh,

    /// <summary>x sigmoid(1.702 x), as OpenAI's CLIP.</summary>
    QuickGelu,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x sigmoid(x).</summary>
    Silu,

    /// <summary>tanh(x).</summary>
    Tanh,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>min(max(x, 0), 6).</summary>
    Relu6,

    /// <summary>min(gelu(x), 10), the exact GELU cut off above.</summary>
    Gelu10,
}

/// <summary>Kinds of norm over a token's channels.</summary>
public enum Norm
{
    /// <summary>(x - mean) / sqrt(variance + epsilon) * weight + bias.</summary>
    Layer,

    /// <summary>x / sqrt(mean of x^2 + epsilon) * weight.</summary>
    Rms,
}

/// <summary>Where norms stand in a block.</summary>
public enum NormPlacement
{
    /// <summary>x + f(norm(x)).</summary>
    Pre,

    /// <summary>norm(x + f(x)).</summary>
    Post,
}

/// <summary>Yes, no, or what the other options suggest.</summary>
public enum Toggle
{
    Auto,
    On,
    Off,
}

/// <summary>The projections and norms that have a bias.</summary>
[Flags]
public enum Biases
{
    None = 0,
    Query = 1,
    Key = 2,
    Value = 4,

    /// <summary>The projection after attention.</summary>
    Output = 8,

    /// <summary>The first projection of the feed-forward part.</summary>
    Up = 16,

    /// <summary>The second projection of the feed-forward part.</summary>
    Down = 32,

    /// <summary>Every norm (an RMS norm has none in any case).</summary>
    Norm = 64,

    /// <summary>The projection of patches.</summary>
    Patch = 128,

    /// <summary>The gate of a gated feed-forward part.</summary>
    Gate = 256,

    QueryKeyValue = Query | Key | Value,
    FeedForward = Up | Gate | Down,
    All = QueryKeyValue | Output | FeedForward | Norm | Patch,
}

/// <summary>Ways to make one vector of a sample's tokens.</summary>
public enum Pooling
{
    None,

    /// <summary>The first token.</summary>
    Cls,

    /// <summary>The mean over real tokens; of a picture, over its patches without class token and registers.</summary>
    Mean,

    /// <summary>The last token that is not padding.</summary>
    Last,

    /// <summary>The first token and the mean, one behind the other: twice the width (DINOv2's classifier).</summary>
    ClsAndMean,

    /// <summary>The first token whose id is <see cref="TextTransformerAttribute.EndToken"/>, where there is none the first token (CLIP). Text only.</summary>
    End,

    /// <summary>The first token of the greatest id of its row (OpenAI's CLIP, whose end token has the greatest id of all). Text only.</summary>
    HighestId,

    /// <summary>What a learned query finds among all patches by attention, and a feed-forward part on it (SigLIP's head); it has the tower's heads, and scores over the root of a head's width. Pictures only.</summary>
    Attention,
}

/// <summary>What stands behind pooling.</summary>
public enum Pooler
{
    None,

    /// <summary>tanh(W x + b), as BERT.</summary>
    Tanh,

    /// <summary>max(W x + b, 0), as DistilBERT before its classifier.</summary>
    Relu,

    /// <summary>gelu(W x + b).</summary>
    Gelu,

    /// <summary>W x + b, as SigLIP's head of text; CLIP's projections have no b.</summary>
    Linear,
}

/// <summary>What scores of attention are multiplied by before the softmax.</summary>
public enum AttentionScale
{
    /// <summary>1 / sqrt(width of a head).</summary>
    HeadWidth,

    /// <summary>1 / (sqrt(width of a head) x number of the layer, from 1), as GPT-2's scale_attn_by_inverse_layer_idx.</summary>
    HeadWidthAndLayer,

    /// <summary>1 / number of the layer, from 1.</summary>
    Layer,

    /// <summary>1, as T5.</summary>
    None,
}

/// <summary>Where positions come from.</summary>
public enum Positions
{
    None,

    /// <summary>A trained table.</summary>
    Learned,

    /// <summary>Sines and cosines of the token's index, interleaved (Vaswani et al. 2017). Text only.</summary>
    Sinusoidal,

    /// <summary>The same numbers in another order: all sines, then all cosines (Marian). Text only.</summary>
    SinusoidalHalves,

    /// <summary>Channels [sin y, sin x, cos y, cos x], a quarter of the width each (timm's default). Pictures only.</summary>
    SinusoidalGrid,

    /// <summary>Queries and keys are turned by angles that grow with the token's index (Su et al. 2021, arXiv:2104.09864), the halves of a head being the two axes (Llama). Text only.</summary>
    Rotary,
}

/// <summary>Distributions of initial weights; biases start at 0, norm weights at 1.</summary>
public enum Initialization
{
    /// <summary>Normal with the given deviation.</summary>
    Normal,

    /// <summary>Normal with the given deviation, drawn again beyond two deviations.</summary>
    TruncatedNormal,

    /// <summary>As <see cref="Normal"/>, the projections that write to the residual stream divided by sqrt(2 x depth) (GPT-2).</summary>
    ScaledNormal,

    /// <summary>Uniform within sqrt(6 / (inputs + outputs)) for projections; normal for tables.</summary>
    Xavier,
}
