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

    QueryKeyValue = Query | Key | Value,
    FeedForward = Up | Down,
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
}

/// <summary>What stands behind pooling.</summary>
public enum Pooler
{
    None,

    /// <summary>tanh(W x + b), square.</summary>
    Tanh,
}

/// <summary>Where positions come from.</summary>
public enum Positions
{
    None,

    /// <summary>A trained table.</summary>
    Learned,

    /// <summary>Sines and cosines of the token's index, interleaved (Vaswani et al. 2017). Text only.</summary>
    Sinusoidal,

    /// <summary>Channels [sin y, sin x, cos y, cos x], a quarter of the width each (timm's default). Pictures only.</summary>
    SinusoidalGrid,
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
