namespace ModelCompiler.Runtime.Cpu;

/// <summary>What only training needs: gradients, optimizer state and average, which appear with the first training pass, and the pieces that the optimizer walks over.</summary>
internal sealed unsafe class CpuTraining(ModelDescription description, Arena weights) : IDisposable
{
    private readonly ParameterChunk[] _chunks = [.. Pieces(description)];
    private Arena? _gradients, _state, _average, _chunkArena;

    /// <summary>Bytes now.</summary>
    public long Bytes => (_gradients?.Bytes ?? 0) + (_state?.Bytes ?? 0) + (_average?.Bytes ?? 0) + (_chunkArena?.Bytes ?? 0);

    /// <summary>Bytes once it trains.</summary>
    public long BytesOfTraining => (description.TrainableFloats * sizeof(float) * (description.HasAverage ? 2 : 1)) + StateBytes + ChunkBytes;

    public ParameterMemory Gradients => new CpuParameterMemory(() => Live(_gradients));

    // Until training starts an average, it is the weights.
    public ParameterMemory Average => new CpuParameterMemory(() => _average ?? weights);

    public ParameterMemory State(int number) => new CpuParameterMemory(() => Live(_state), number * StateFloats);

    public float* GradientArena => (float*)_gradients!.Pointer;

    public float* AverageArena => (float*)_average!.Pointer;

    /// <summary>An array of the optimizer's state.</summary>
    public float* StateArena(int number) => (float*)_state!.Pointer + (number * StateFloats);

    public ParameterChunk* Chunks => (ParameterChunk*)_chunkArena!.Pointer;

    public int ChunkCount => _chunks.Length;

    public void Reserve()
    {
        if (_gradients is not null)
        {
            return;
        }

        _state = new Arena(StateBytes);
        if (description.HasAverage)
        {
            _average = new Arena(description.TrainableFloats * sizeof(float));
            ResetAverage();
        }

        _chunkArena = new Arena(ChunkBytes);
        _chunks.CopyTo(new Span<ParameterChunk>(Chunks, _chunks.Length));
        _gradients = new Arena(description.TrainableFloats * sizeof(float));
    }

    /// <summary>Norm of all gradients.</summary>
    public double GradientNormOf(CpuContext context) => Math.Sqrt(GradientNorm.SumOfSquares(context, GradientArena, Chunks, ChunkCount, (double*)(Chunks + ChunkCount)));

    public void SwapAverage()
    {
        if (_average is not null)
        {
            var own = (float*)weights.Pointer;
            for (var i = 0L; i < description.TrainableFloats; i++)
            {
                (own[i], AverageArena[i]) = (AverageArena[i], own[i]);
            }
        }
    }

    public void ResetAverage()
    {
        if (_average is not null)
        {
            Buffer.MemoryCopy(weights.Pointer, _average.Pointer, _average.Bytes, _average.Bytes);
        }
    }

    public void Dispose()
    {
        foreach (var arena in new[] { _gradients, _state, _average, _chunkArena })
        {
            arena?.Dispose();
        }
    }

    private long StateFloats => CpuEngine.Align(description.TrainableFloats);

    private long StateBytes => StateFloats * sizeof(float) * description.State.Length;

    // Each piece has a number for its part of the norm.
    private long ChunkBytes => _chunks.Length * (long)(sizeof(ParameterChunk) + sizeof(double));

    // What was never there is gone as well once the weights are.
    private Arena? Live(Arena? arena) => arena ?? (weights.Pointer is null ? weights : null);

    private static IEnumerable<ParameterChunk> Pieces(ModelDescription description) => description.Parameters
        .Where(static p => p.Role == ParameterRole.Trained)
        .SelectMany(static p => Enumerable.Range(0, (p.Count + Schedule.ElementChunk - 1) / Schedule.ElementChunk).Select(i => new ParameterChunk
        {
            Offset = p.Offset + (i * (long)Schedule.ElementChunk),
            Count = Math.Min(Schedule.ElementChunk, p.Count - (i * Schedule.ElementChunk)),
            Decays = p.Decays,
        }));
}
