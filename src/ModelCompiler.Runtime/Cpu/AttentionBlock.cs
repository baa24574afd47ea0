namespace ModelCompiler.Runtime.Cpu;

/// <summary>The steps that forward and backward share, on one block of queries of one head.</summary>
internal readonly unsafe ref struct AttentionBlock<V>
    where V : unmanaged, ISimd<V>
{
    private readonly ref readonly AttentionArguments _a;
    private readonly float* _scratch;
    private readonly AttentionScratch _at;
    private readonly int _row, _head;

    public AttentionBlock(ref readonly AttentionArguments a, int task, float* scratch)
    {
        _a = ref a;
        _scratch = scratch;
        _at = new AttentionScratch(a.Keys, a.HeadWidth);
        (_row, _head) = (task / a.Heads, task % a.Heads);
    }

    /// <summary>A head's first value at a token.</summary>
    public float* Of(float* tensor, nint stride, int tokens, int token) =>
        tensor + ((((long)_row * tokens) + token) * stride) + ((long)_head * _a.HeadWidth);

    public float* LogSumExp(int query) => _a.LogSumExp + ((((long)_row * _a.Heads) + _head) * _a.Queries) + query;

    /// <summary>Number of keys that a query may see before the mask.</summary>
    public int Visible(int query) => _a.Causal ? Math.Clamp(query + 1 + _a.Keys - _a.Queries, 0, _a.Keys) : _a.Keys;

    /// <summary>Panels of a matrix [tokens, width] for a product whose sums run over tokens.</summary>
    public void PackPanels(float* from, nint stride, int tokens, float* to)
    {
        for (var column = 0; column < _a.HeadWidth; column += Tile<V>.Columns)
        {
            var count = Math.Min(Tile<V>.Columns, _a.HeadWidth - column);
            Packing.Copied<V>(from + column, stride, count, Tile<V>.Columns, tokens, to + ((long)column * tokens));
        }
    }

    /// <summary>Panels of its transpose [width, tokens], for a product whose sums run over the width.</summary>
    public void PackTransposed(float* from, nint stride, int tokens, float* to)
    {
        for (var token = 0; token < tokens; token += Tile<V>.Columns)
        {
            var count = Math.Min(Tile<V>.Columns, tokens - token);
            Packing.Transposed<V>(from + (token * stride), stride, count, Tile<V>.Columns, _a.HeadWidth, to + ((long)token * _a.HeadWidth));
        }
    }

    /// <summary>Rows of tiles of a matrix [tokens, depth].</summary>
    public static void PackRows(float* from, nint stride, int tokens, int depth, float* to)
    {
        for (var token = 0; token < tokens; token += Tile<V>.Rows)
        {
            Packing.Transposed<V>(from + (token * stride), stride, Math.Min(Tile<V>.Rows, tokens - token), Tile<V>.Rows, depth, to + ((long)token * depth));
        }
    }

    /// <summary>Block [tokens, keys] = packed rows [tokens, width] times packed panels [width, keys].</summary>
    public void TimesTransposed(float* rows, float* panels, int tokens, int keys, float* to)
    {
        for (var key = 0; key < keys; key += Tile<V>.Columns)
        {
            for (var token = 0; token < tokens; token += Tile<V>.Rows)
            {
                Tile<V>.Packed(_a.HeadWidth, rows + ((long)token * _a.HeadWidth), Tile<V>.Rows, panels + ((long)key * _a.HeadWidth), Tile<V>.Columns, to + ((long)token * _at.PaddedKeys) + key, _at.PaddedKeys, false);
            }
        }
    }

    /// <summary>Result [tokens, width] = block [tokens, keys] times packed panels [keys, width].</summary>
    public void TimesPanels(float* block, float* panels, int tokens, int keys)
    {
        var packed = _scratch + _at.ScoreRows;
        for (var token = 0; token < tokens; token += Tile<V>.Rows)
        {
            Packing.Transposed<V>(block + ((long)token * _at.PaddedKeys), _at.PaddedKeys, Math.Min(Tile<V>.Rows, tokens - token), Tile<V>.Rows, keys, packed);
            for (var column = 0; column < _a.HeadWidth; column += Tile<V>.Columns)
            {
                Tile<V>.Packed(keys, packed, Tile<V>.Rows, panels + ((long)column * _a.Keys), Tile<V>.Columns, _scratch + _at.Result + ((long)token * _at.PaddedWidth) + column, _at.PaddedWidth, false);
            }
        }
    }

    /// <summary>Sums [keys, width] += block^T [keys, tokens] times packed panels [tokens, width].</summary>
    public void AddTransposed(float* block, float* panels, int tokens, int keys, float* sums)
    {
        for (var key = 0; key < keys; key += Tile<V>.Rows)
        {
            for (var column = 0; column < _a.HeadWidth; column += Tile<V>.Columns)
            {
                Tile<V>.Packed(tokens, block + key, _at.PaddedKeys, panels + ((long)column * tokens), Tile<V>.Columns, sums + ((long)key * _at.PaddedWidth) + column, _at.PaddedWidth, true);
            }
        }
    }

    /// <summary>Copies rows of padded width to tokens of a tensor.</summary>
    public void CopyOut(float* from, int tokens, float* to, nint stride)
    {
        for (var token = 0; token < tokens; token++)
        {
            new ReadOnlySpan<float>(from + ((long)token * _at.PaddedWidth), _a.HeadWidth).CopyTo(new Span<float>(to + (token * stride), _a.HeadWidth));
        }
    }

    /// <summary>Scores scaled, with what a query does not see at -infinity.</summary>
    public V Score(float* scores, int key, int visible)
    {
        var n = visible - key;
        var value = V.Load(scores + key) * V.Create(_a.Scale);
        if (_a.KeyMask is not null)
        {
            var mask = stackalloc float[V.Lanes];
            for (var i = 0; i < V.Lanes; i++)
            {
                mask[i] = i < n && _a.KeyMask[((long)_row * _a.Keys) + key + i] != 0 ? 1f : 0f;
            }

            value = V.Where(V.Load(mask), V.Zero, value, V.Create(float.NegativeInfinity));
        }

        return n < V.Lanes ? V.First(value, n, float.NegativeInfinity) : value;
    }

    /// <summary>Dropout's factors of the probabilities from a key on.</summary>
    public V Keep(int query, int key) =>
        V.Keep(in _a.Dropout, (((((((long)_row * _a.Heads) + _head) * _a.Queries) + query) * _a.Keys) + key));
}
