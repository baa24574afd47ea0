namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// Keys and values of the tokens that a decoder has seen: for each layer [rows, room, keys and values], one mask for all layers [rows, room], and room for the scores of one query of each head.
/// Memory grows with the greatest call and never shrinks.
/// </summary>
internal sealed unsafe class KeyCaches(DecoderInfo decoder) : IDisposable
{
    private Arena _keys = new(0), _mask = new(0), _moved = new(0);
    private int _rows, _room, _tokens;

    public long Bytes => _keys.Bytes + _mask.Bytes + _moved.Bytes;

    /// <summary>Bytes for rows of so many tokens; moving rows takes as much as what is moved of one layer besides.</summary>
    public long BytesFor(long rows, long room) => rows * room * ((decoder.Layers * (long)Width * sizeof(float)) + sizeof(int));

    private int Width => 2 * decoder.KeyWidth;

    private long LayerFloats => (long)_rows * _room * Width;

    /// <summary>Room for rows of so many tokens, none of which is there yet.</summary>
    public void Begin(int rows, int room)
    {
        (_rows, _room, _tokens) = (rows, room, 0);
        Arena.Grow(ref _keys, LayerFloats * decoder.Layers * sizeof(float));
        Arena.Grow(ref _mask, (long)rows * room * sizeof(int));
        new Span<int>(_mask.Pointer, rows * room).Clear();
    }

    /// <summary>The tokens of a pass are there.</summary>
    public void Advance(int tokens) => _tokens += tokens;

    public KeyCache Of(int layer) => new((float*)_keys.Pointer + (layer * LayerFloats), (int*)_mask.Pointer, _rows, _room, _tokens);

    /// <summary>Takes the keys and values of all tokens of a layer.</summary>
    public void Take(int layer, float* from) => Buffer.MemoryCopy(from, (float*)_keys.Pointer + (layer * LayerFloats), LayerFloats * sizeof(float), LayerFloats * sizeof(float));

    /// <summary>Takes what is seen of all tokens; null: all are.</summary>
    public void TakeMask(int* from)
    {
        var mask = new Span<int>(_mask.Pointer, _rows * _room);
        if (from is null)
        {
            mask.Fill(1);
        }
        else
        {
            new ReadOnlySpan<int>(from, mask.Length).CopyTo(mask);
        }
    }

    /// <summary>Row r becomes row <paramref name="parents"/>[r] from a token on. All rows that change are read before one is written.</summary>
    public void Rearrange(ReadOnlySpan<int> parents, int since)
    {
        var count = (_tokens - since) * (long)Width;
        Arena.Grow(ref _moved, parents.Length * count * sizeof(float));
        for (var layer = 0; layer < decoder.Layers; layer++)
        {
            Move((float*)_keys.Pointer + (layer * LayerFloats), Width, parents, since);
        }

        Move((float*)_mask.Pointer, 1, parents, since);
    }

    public void Dispose()
    {
        _keys.Dispose();
        _mask.Dispose();
        _moved.Dispose();
    }

    private void Move(float* rows, int width, ReadOnlySpan<int> parents, int since)
    {
        var count = (_tokens - since) * (long)width;
        var moved = (float*)_moved.Pointer;
        for (var row = 0; row < parents.Length; row++)
        {
            if (parents[row] != row)
            {
                Buffer.MemoryCopy(At(parents[row]), moved + (row * count), count * sizeof(float), count * sizeof(float));
            }
        }

        for (var row = 0; row < parents.Length; row++)
        {
            if (parents[row] != row)
            {
                Buffer.MemoryCopy(moved + (row * count), At(row), count * sizeof(float), count * sizeof(float));
            }
        }

        float* At(int row) => rows + ((((long)row * _room) + since) * width);
    }
}
