using ILGPU;
using ILGPU.Runtime;
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

    /// <summary>Keeps the vectors of a batch: another pass may use the workspace before the step is made.</summary>
    /// <param name="find">Where a pass left the vectors of a queue.</param>
    public void Keep(long batch, Func<QueuePlace, ArrayView<float>> find)
    {
        var at = 0L;
        foreach (var queue in _state.Queues)
        {
            _keys.View.SubView(at, batch * queue.Width).CopyFrom(context.Stream, find(queue).SubView(0, batch * queue.Width));
            at += batch * queue.Width;
        }

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

        var at = 0L;
        foreach (var queue in _state.Queues)
        {
            QueueRows.Write(context, _keys.View.SubView(at), Weight(queue.Offset), Weight(queue.Next), (int)_kept, queue.Rows, queue.Width, scale);
            at += _kept * queue.Width;
        }

        // Queues share the number of their next row.
        foreach (var queue in _state.Queues.Take(1))
        {
            QueueRows.Advance(context, Weight(queue.Next), (int)_kept, queue.Rows, scale);
        }
    }

    public void Dispose() => _keys.Dispose();

    private ArrayView<float> Weight(long offset) => weights.View.SubView(offset);
}
