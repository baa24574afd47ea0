using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>One layer's keys and values of earlier tokens, side by side, with room for those to come.</summary>
/// <param name="keys">[rows, room, keys and values].</param>
/// <param name="mask">[rows, room]: 0 where nothing is seen; one for all layers.</param>
/// <param name="tokens">Tokens of a row that are there.</param>
public readonly struct KeyCache(ArrayView<float> keys, ArrayView<int> mask, int rows, int room, int tokens)
{
    internal ArrayView<float> Keys => keys;

    /// <summary>
    /// Keeps the keys and values of new tokens, and attends. The first tokens see each other alone; behind them they come one by one, and each sees whatever is there.
    /// </summary>
    /// <param name="a">Attention of the new tokens over themselves.</param>
    public void Attend(GpuContext context, ref AttentionArguments<FloatMatrix> a)
    {
        var width = a.KeyHeads * a.HeadWidth;
        CachedRows.Keep(context, in a, keys, mask, room, tokens);
        if (tokens > 0)
        {
            (a.Key, a.Value) = (new FloatMatrix(keys), new FloatMatrix(keys.SubView(width)));
            (a.KeyStride, a.ValueStride, a.Keys, a.Causal) = (2 * width, 2 * width, room, false);
            a.KeyMask = mask;
        }

        Attention.Forward(context, in a);
    }

    /// <summary>Attends to whatever is there, which fills the room, and keeps nothing. Where queries have more rows than there are here, as many of them one after the other share one.</summary>
    /// <param name="a">The queries.</param>
    public void Read(GpuContext context, ref AttentionArguments<FloatMatrix> a)
    {
        var width = a.KeyHeads * a.HeadWidth;
        (a.Key, a.Value, a.KeyMask) = (new FloatMatrix(keys), new FloatMatrix(keys.SubView(width)), mask);
        (a.KeyStride, a.ValueStride, a.Keys) = (2 * width, 2 * width, tokens);
        (a.Batch, a.Queries) = (rows, a.Batch / rows * a.Queries);
        Attention.Forward(context, in a);
    }
}
