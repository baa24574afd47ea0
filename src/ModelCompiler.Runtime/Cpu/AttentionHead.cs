using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>One head of one row of the batch, with what forward and backward do alike: where its tokens lie, packing, products of blocks.</summary>
internal readonly unsafe ref struct AttentionHead<V>
    where V : unmanaged, ISimd<V>
{
    private readonly ref readonly AttentionArguments _a;
    private readonly float* _scratch;
    private readonly AttentionScratch _at;
    private readonly int _row, _head;

    public AttentionHead(ref readonly AttentionArguments a, int row, int head, float* scratch)
    {
        _a = ref a;
        (_row, _head) = (row, head);
        _scratch = scratch;
        _at = new AttentionScratch(a.Keys, a.HeadWidth);
    }

    private static int TileRows => Tile<V>.Rows;

    private static int TileColumns => Tile<V>.Columns;

    /// <summary>Panels are whole: rows of the head can be read where they are.</summary>
    public bool IsWhole => _a.HeadWidth % TileColumns == 0;

    /// <summary>The head's first value at a token.</summary>
    public float* Of(float* tensor, nint stride, int tokens, int token) => tensor + ((((long)_row * tokens) + token) * stride) + ((long)_head * _a.HeadWidth);

    /// <summary>The same of keys and values, which several heads may share.</summary>
    public float* OfKey(float* tensor, nint stride, int token) =>
        tensor + ((((long)_row * _a.Keys) + token) * stride) + ((long)(_head / (_a.Heads / _a.KeyHeads)) * _a.HeadWidth);

    public float* LogSumExp(int query) => _a.LogSumExp + ((((long)_row * _a.Heads) + _head) * _a.Queries) + query;

    /// <summary>Keys that a query may see, the hidden ones at the end left out.</summary>
    /// <param name="last">One behind the last key that is not hidden.</param>
    public int Visible(int query, int last) => _a.Causal ? Math.Clamp(query + 1 + _a.Keys - _a.Queries, 0, last) : last;

    /// <summary>Fills the mask; returns one behind the last key that is not hidden.</summary>
    public int PrepareMask()
    {
        if (_a.KeyMask is null)
        {
            return _a.Keys;
        }

        var from = _a.KeyMask + ((long)_row * _a.Keys);
        var to = _scratch + _at.Mask;
        var last = 0;
        for (var key = 0; key < _a.Keys; key++)
        {
            to[key] = from[key] != 0 ? 0f : float.NegativeInfinity;
            last = from[key] != 0 ? key + 1 : last;
        }

        return last;
    }

    /// <summary>Scores from a key on, as sums of products: hidden ones at -infinity, and those from <paramref name="visible"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Score(float* scores, int key, int visible)
    {
        var value = V.Load(scores + key);
        value = _a.KeyMask is null ? value : value + V.Load(_scratch + _at.Mask + key);
        return V.First(value, visible - key, float.NegativeInfinity);
    }

    /// <summary>Dropout's factors of the probabilities from a key on.</summary>
    public V Keep(int query, int key) => V.Keep(in _a.Dropout, ((((((long)_row * _a.Heads) + _head) * _a.Queries) + query) * _a.Keys) + key);

    /// <summary>Panels of a matrix [tokens, width] for a product whose sums run over tokens.</summary>
    public void PackPanels(float* from, nint stride, int tokens, float* to)
    {
        for (var column = 0; column < _a.HeadWidth; column += TileColumns)
        {
            Packing.Copied<V>(from + column, stride, Math.Min(TileColumns, _a.HeadWidth - column), TileColumns, tokens, to + ((long)column * tokens));
        }
    }

    /// <summary>Panels of its transpose [width, tokens], for a product whose sums run over the width.</summary>
    public void PackTransposed(float* from, nint stride, int tokens, float* to)
    {
        for (var token = 0; token < tokens; token += TileColumns)
        {
            Packing.Transposed<V>(from + (token * stride), stride, Math.Min(TileColumns, tokens - token), TileColumns, _a.HeadWidth, to + ((long)token * _a.HeadWidth));
        }
    }

    /// <summary>Rows of tiles of a matrix [tokens, width].</summary>
    public void PackRows(float* from, nint stride, int tokens, float* to)
    {
        for (var token = 0; token < tokens; token += TileRows)
        {
            Packing.Transposed<V>(from + (token * stride), stride, Math.Min(TileRows, tokens - token), TileRows, _a.HeadWidth, to + ((long)token * _a.HeadWidth));
        }
    }

    /// <summary>One row of tiles [TileRows, keys from first to last] = packed rows [TileRows, width] times packed panels [width, keys].</summary>
    public void TimesTransposed(float* rows, float* panels, int first, int last, float* to)
    {
        for (var key = first / TileColumns * TileColumns; key < last; key += TileColumns)
        {
            Tile<V>.Packed(_a.HeadWidth, rows, TileRows, panels + ((long)key * _a.HeadWidth), TileColumns, to + key, _at.PaddedKeys, false);
        }
    }

    /// <summary>to [count, width] = scale of each row x block [TileRows, depth] times packed panels [depth of all keys, width].</summary>
    public void TimesPanels(float* block, int depth, float* panels, int count, float* scales, float* to, nint stride)
    {
        for (var column = 0; column < _a.HeadWidth; column += TileColumns)
        {
            var tile = _scratch + _at.Result;
            if (depth == 0)
            {
                new Span<float>(tile, TileRows * TileColumns).Clear();
            }
            else
            {
                Tile<V>.ByRows(depth, block, _at.PaddedKeys, panels + ((long)column * _a.Keys), TileColumns, tile, TileColumns, false);
            }

            for (var row = 0; row < count; row++)
            {
                var scale = V.Create(scales is null ? 1f : scales[row]);
                for (var lane = 0; lane < TileColumns && column + lane < _a.HeadWidth; lane += V.Lanes)
                {
                    V.Store(to + (row * stride) + column + lane, V.Load(tile + (row * TileColumns) + lane) * scale, _a.HeadWidth - column - lane);
                }
            }
        }
    }

    /// <summary>sums [keys from first to last, width] += block^T [keys, tokens] times rows [tokens, width], in place or as packed panels.</summary>
    public void AddTransposed(float* block, float* rows, nint stride, float* panels, int tokens, int first, int last, int firstQuery, float* sums)
    {
        for (var key = first; key < last; key += TileRows)
        {
            // Queries before the first that sees the tile's first key have nothing to add.
            var skipped = _a.Causal ? Math.Clamp(key - (_a.Keys - _a.Queries) - firstQuery, 0, tokens) : 0;
            if (skipped == tokens)
            {
                continue;
            }

            for (var column = 0; column < _a.HeadWidth; column += TileColumns)
            {
                var b = IsWhole ? rows + (skipped * stride) + column : panels + ((long)column * tokens) + (skipped * TileColumns);
                Tile<V>.Packed(tokens - skipped, block + ((long)skipped * _at.PaddedKeys) + key, _at.PaddedKeys, b, IsWhole ? stride : TileColumns,
                    sums + ((long)key * _at.PaddedWidth) + column, _at.PaddedWidth, true);
            }
        }
    }

    /// <summary>Copies rows of padded width to tokens of a tensor.</summary>
    public void CopyOut(float* from, int first, int last, float* to, nint stride)
    {
        for (var token = first; token < last; token++)
        {
            new ReadOnlySpan<float>(from + ((long)token * _at.PaddedWidth), _a.HeadWidth).CopyTo(new Span<float>(to + (token * stride), _a.HeadWidth));
        }
    }
}
