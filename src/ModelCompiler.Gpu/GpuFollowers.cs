using ILGPU;
using ModelCompiler.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>What moves behind a step that is made: copies of weights that follow them, and queues of the vectors of past batches.</summary>
internal sealed class GpuFollowers(GpuContext context, ModelDescription description, GpuArena weights) : IDisposable
{
    private readonly StepState _state = new(description);
    private GpuArena _keys = new(context, 0);
    private long _kept;

    /// <summary>Bytes on the device now.</summary>
    public long Bytes => _keys.Bytes;

    public long BytesFor(long batch) => _state.KeyFloats(batch) * sizeof(float);

    /// <exception cref="OutOfMemoryException">The device has no room.</exception>
    public void Reserve(long batch) => GpuArena.Grow(context, ref _keys, BytesFor(batch));

    public ReadOnlySpan<QueuePlace> Queues => _state.Queues;

    /// <summary>Keeps the vectors of a batch for a queue: another pass may use the workspace before the step is made.</summary>
    /// <param name="queue">A number of <see cref="Queues"/>.</param>
    public void Keep(int queue, long batch, ArrayView<float> vectors)
    {
        var count = batch * _state.Queues[queue].Width;
        context.Copy(vectors.SubView(0, count), _keys.View.SubView(_state.KeysBefore(queue, batch), count));
        _kept = batch;
    }

    /// <summary>Copies see the weights of the step, queues the vectors that it was made with.</summary>
    /// <param name="scale">The factor of the gradients; negative: the step is not made.</param>
    public void Follow(ArrayView<float> scale)
    {
        foreach (var copy in _state.Copies)
        {
            MomentumCopies.Run(context, Weight(copy.From), Weight(copy.To), copy.Count, (float)description.Momentum, scale);
        }

        if (_kept == 0)
        {
            return; // no pass has given vectors
        }

        var at = 0L;
        foreach (var filled in _state.Queues)
        {
            QueueRows.Write(context, _keys.View.SubView(at), Weight(filled.Offset), Weight(filled.Next), (int)_kept, filled.Rows, filled.Width, scale);
            at += _kept * filled.Width;
        }

        // Queues share the number of their next row.
        if (_state.Queues is [var queue, ..])
        {
            QueueRows.Advance(context, Weight(queue.Next), (int)_kept, queue.Rows, scale);
        }
    }

    public void Dispose() => _keys.Dispose();

    private ArrayView<float> Weight(long offset) => weights.View.SubView(offset);
}
