namespace ModelCompiler.Runtime.Cpu;

/// <summary>One layer's keys and values of earlier tokens, side by side, with room for those to come.</summary>
/// <param name="keys">[rows, room, keys and values].</param>
/// <param name="mask">[rows, room]: 0 where nothing is seen; one for all layers.</param>
/// <param name="tokens">Tokens of a row that are there.</param>
public readonly unsafe struct KeyCache(float* keys, int* mask, int rows, int room, int tokens)
{
    /// <summary>
    /// Keeps the keys and values of new tokens, and attends. The first tokens see each other alone; behind them they come one by one, and each sees whatever is there.
    /// </summary>
    /// <param name="a">Attention of the new tokens over themselves.</param>
    public void Attend(CpuContext context, ref AttentionArguments a)
    {
        Keep(in a);
        if (tokens == 0)
        {
            Attention.Forward(context, in a);
            return;
        }

        var width = a.KeyHeads * a.HeadWidth;
        a.Key = keys;
        a.Value = keys + width;
        a.KeyMask = mask;
        (a.KeyStride, a.ValueStride, a.Keys, a.Causal) = (2 * width, 2 * width, room, false);
        AttentionStep.Run(context, in a, tokens + 1);
    }

    /// <summary>Attends to whatever is there, and keeps nothing. Where queries have more rows than there are here, as many of them one after the other share one.</summary>
    /// <param name="a">The queries.</param>
    public void Read(CpuContext context, ref AttentionArguments a)
    {
        var width = a.KeyHeads * a.HeadWidth;
        a.Key = keys;
        a.Value = keys + width;
        a.KeyMask = mask;
        (a.KeyStride, a.ValueStride, a.Keys) = (2 * width, 2 * width, room);
        (a.Batch, a.Queries) = (rows, a.Batch / rows * a.Queries);
        AttentionStep.Run(context, in a, tokens);
    }

    private void Keep(in AttentionArguments a)
    {
        var width = a.KeyHeads * a.HeadWidth;
        for (var row = 0; row < a.Batch; row++)
        {
            for (var token = 0; token < a.Keys; token++)
            {
                var (from, to) = (((nint)row * a.Keys) + token, ((nint)row * room) + tokens + token);
                new ReadOnlySpan<float>(a.Key + (from * a.KeyStride), width).CopyTo(new Span<float>(keys + (to * 2 * width), width));
                new ReadOnlySpan<float>(a.Value + (from * a.ValueStride), width).CopyTo(new Span<float>(keys + (((to * 2) + 1) * width), width));
                mask[to] = a.KeyMask is null ? 1 : a.KeyMask[from];
            }
        }
    }
}
