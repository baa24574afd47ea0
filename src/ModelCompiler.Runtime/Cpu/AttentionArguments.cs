namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// softmax(scale Q K^T + mask) V for every head. Token t of row b lies at (b tokens + t) stride; head h of it at + h HeadWidth. With
/// fewer key heads than heads, consecutive heads share one.
/// </summary>
public unsafe struct AttentionArguments
{
    public float* Query, Key, Value, Output;

    /// <summary>[Batch, Heads, Queries]: log of the sum of the exponentials of a row's scores; what backward needs of the softmax.</summary>
    public float* LogSumExp;

    /// <summary>Floats from one token to the next.</summary>
    public nint QueryStride, KeyStride, ValueStride, OutputStride;

    /// <summary>KeyHeads divides Heads.</summary>
    public int Batch, Heads, KeyHeads, HeadWidth, Queries, Keys;

    /// <summary>Query i sees keys up to i + Keys - Queries.</summary>
    public bool Causal;

    public float Scale;

    /// <summary>[Batch, Keys], 0 where a key is hidden; null: none is. A query that sees no key gets zeros.</summary>
    public int* KeyMask;

    /// <summary>Dropout of probabilities; element ((b Heads + h) Queries + i) Keys + j.</summary>
    public DropoutKey Dropout;

    public bool HasDropout;
}

/// <summary>What backward adds: the gradient it gets and those it writes.</summary>
public unsafe struct AttentionGradients
{
    public float* OutputGradient, QueryGradient, KeyGradient, ValueGradient;

    /// <summary>Floats from one token to the next.</summary>
    public nint OutputGradientStride, QueryGradientStride, KeyGradientStride, ValueGradientStride;
}
