namespace ModelCompiler.Runtime.Cpu;

/// <summary>What moves behind a step that is made: copies of weights that follow them, and queues of the vectors of past batches.</summary>
internal sealed unsafe class CpuFollowers(CpuContext context, ModelDescription description, Arena weights) : IDisposable
{
    private readonly StepState _state = new(description);
    private Arena _keys = new(0);
    private long _kept;

    /// <summary>Bytes now.</summary>
    public long Bytes => _keys.Bytes;

    public ReadOnlySpan<QueuePlace> Queues => _state.Queues;

    public long BytesFor(long batch) => _state.KeyFloats(batch) * sizeof(float);

    public void Reserve(long batch) => Arena.Grow(ref _keys, BytesFor(batch));

    /// <summary>Keeps the vectors of a batch for a queue: another pass may use the workspace before the step is made.</summary>
    /// <param name="queue">A number of <see cref="Queues"/>.</param>
    public void Keep(int queue, long batch, float* vectors)
    {
        var bytes = batch * _state.Queues[queue].Width * sizeof(float);
        Buffer.MemoryCopy(vectors, Keys + _state.KeysBefore(queue, batch), bytes, bytes);
        _kept = batch;
    }

    /// <summary>Copies see the weights of the step, queues the vectors that it was made with.</summary>
    public void Follow()
    {
        foreach (var copy in _state.Copies)
        {
            MomentumCopies.Run(context, Weight(copy.From), Weight(copy.To), copy.Count, (float)description.Momentum);
        }

        var from = Keys;
        foreach (var queue in _state.Queues)
        {
            var next = queue.Row(*Weight(queue.Next));
            for (var row = 0L; row < _kept; row++, from += queue.Width)
            {
                Buffer.MemoryCopy(from, Weight(queue.Offset) + ((next + row) % queue.Rows * queue.Width), queue.Width * sizeof(float), queue.Width * sizeof(float));
            }
        }

        // Queues share the number of their next row.
        if (_state.Queues is [var shared, ..])
        {
            *Weight(shared.Next) = (shared.Row(*Weight(shared.Next)) + _kept) % shared.Rows;
        }
    }

    public void Dispose() => _keys.Dispose();

    private float* Keys => (float*)_keys.Pointer;

    private float* Weight(long offset) => (float*)weights.Pointer + offset;
}
