using ILGPU;
using ModelCompiler.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>
/// Keys and values of the tokens that a decoder has seen: for each layer [rows, room, keys and values], and one mask for all layers [rows, room]. Memory grows with the greatest call
/// and never shrinks.
/// </summary>
internal sealed class KeyCaches(GpuContext context, DecoderInfo decoder) : IDisposable
{
    private GpuArena _keys = new(context, 0), _mask = new(context, 0), _moved = new(context, 0), _parents = new(context, 0);
    private int _rows, _room, _tokens;

    public long Bytes => _keys.Bytes + _mask.Bytes + _moved.Bytes + _parents.Bytes;

    /// <summary>Bytes for rows of so many tokens; moving rows takes as much as what is moved of one layer besides.</summary>
    public long BytesFor(long rows, long room) => ((GpuEngine.Align(rows * room * Width) * decoder.Layers) + (rows * room)) * sizeof(float);

    private int Width => 2 * decoder.KeyWidth;

    // Layers start where every vector access may.
    private long LayerFloats => GpuEngine.Align((long)_rows * _room * Width);

    /// <summary>Room for rows of so many tokens, none of which is there yet.</summary>
    public void Begin(int rows, int room)
    {
        (_rows, _room, _tokens) = (rows, room, 0);
        GpuArena.Grow(context, ref _keys, LayerFloats * decoder.Layers * sizeof(float));
        GpuArena.Grow(context, ref _mask, (long)rows * room * sizeof(int));
        _mask.Clear(context);
    }

    /// <summary>The tokens of a pass are there.</summary>
    public void Advance(int tokens) => _tokens += tokens;

    public KeyCache Of(int layer) => new(_keys.View.SubView(layer * LayerFloats, LayerFloats), _mask.View.Cast<int>(), _rows, _room, _tokens);

    /// <summary>Takes the keys and values of all tokens of a layer.</summary>
    public void Take(int layer, ArrayView<float> from)
    {
        var count = (long)_rows * _room * Width;
        context.Copy(from.SubView(0, count), _keys.View.SubView(layer * LayerFloats, count));
    }

    /// <summary>Takes what is seen of all tokens; null: all are.</summary>
    public void TakeMask(ArrayView<int>? from)
    {
        var mask = _mask.View.Cast<int>().SubView(0, (long)_rows * _room);
        if (from is { } seen)
        {
            context.Copy(seen.SubView(0, mask.Length), mask);
        }
        else
        {
            var ones = new int[mask.Length];
            Array.Fill(ones, 1);
            context.Upload(mask, ones);
        }
    }

    /// <summary>Row r becomes row <paramref name="parents"/>[r] from a token on. All rows are read before one is written.</summary>
    public void Rearrange(ReadOnlySpan<int> parents, int since)
    {
        GpuArena.Grow(context, ref _moved, (long)parents.Length * (_tokens - since) * Width * sizeof(float));
        GpuArena.Grow(context, ref _parents, parents.Length * sizeof(int));
        context.Upload(_parents.View.Cast<int>().SubView(0, parents.Length), parents);
        for (var layer = 0; layer < decoder.Layers; layer++)
        {
            Move(Of(layer).Keys, Width);
        }

        Move(_mask.View, 1);

        void Move(ArrayView<float> rows, int width) => CachedRows.Move(context, rows, _moved.View, _parents.View.Cast<int>(), _rows, (_tokens - since) * width, _room * width, since * width);
    }

    public void Dispose()
    {
        _keys.Dispose();
        _mask.Dispose();
        _moved.Dispose();
        _parents.Dispose();
    }
}
