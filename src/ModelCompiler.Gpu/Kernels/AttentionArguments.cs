using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Scaled dot-product attention: tokens of a row are <c>Stride</c> elements apart, heads <see cref="HeadWidth"/>.</summary>
/// <typeparam name="M">Of queries, keys, values and the output's gradient; outputs and the other gradients are floats.</typeparam>
public struct AttentionArguments<M>
    where M : struct, IMatrix
{
    /// <summary>[batch, tokens, heads x head width]; of keys and values [batch, tokens, key heads x head width].</summary>
    public M Query, Key, Value;

    /// <summary>[batch, tokens, heads x head width].</summary>
    public ArrayView<float> Output;

    /// <summary>[batch, heads, queries]: log of the sum of exponentials of scores; 0 where no key is seen.</summary>
    public ArrayView<float> LogSumExp;

    /// <summary>[batch, keys]: 0 hides a key. Not set: none is hidden.</summary>
    public ArrayView<int> KeyMask;

    public int QueryStride, KeyStride, ValueStride, OutputStride;

    public int Batch, Heads, KeyHeads, HeadWidth, Queries, Keys;

    public float Scale;

    public bool Causal, HasDropout;

    public DropoutKey Dropout;
}

/// <summary>What attention's backward reads and writes besides.</summary>
public struct AttentionGradients<M>
    where M : struct, IMatrix
{
    public M OutputGradient;

    public ArrayView<float> QueryGradient, KeyGradient, ValueGradient;

    public int OutputGradientStride, QueryGradientStride, KeyGradientStride, ValueGradientStride;
}
