namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// The base of emitted CPU programs: one arena for each role. Gradients and optimizer state appear with the first training pass,
/// so that a model that only predicts holds weights alone; workspaces grow with the largest batch and never shrink.
/// </summary>
public abstract unsafe class CpuEngine : Engine
{
    private readonly ModelDescription _description;
    private readonly ParameterChunk[] _chunks;
    private readonly Arena _weights;
    private readonly List<(long Offset, long Count)> _pieces = [];
    private readonly CpuFollowers _followers;
    private readonly KeyCaches? _cache;
    private Arena? _gradients, _state, _average, _chunkArena;
    private Arena _inputs = new(0), _work = new(0);
    private Pass _pass;
    private long _batch, _length;
    private ulong _seed, _draw;
    private double _loss, _norm;

    private protected CpuEngine(ModelDescription description, CpuDevice device)
    {
        _description = description;
        _chunks = [.. Pieces(description)];
        _weights = new Arena(description.TotalFloats * sizeof(float));
        Context = new CpuContext(device.Threads, device.Set);
        _followers = new CpuFollowers(Context, description, _weights);
        _cache = description.Decoder is { } decoder ? new KeyCaches(decoder) : null;
    }

    /// <exception cref="ArgumentException">The device is no <see cref="CpuDevice"/>.</exception>
    protected CpuEngine(ModelDescription description, Device device)
        : this(description, device as CpuDevice ?? throw new ArgumentException($"{description.Name} was compiled for the CPU alone: it cannot run on {device}. Its project needs a reference to ModelCompiler.Gpu.", nameof(device)))
    {
    }

    public override ParameterMemory Weights => new CpuParameterMemory(() => _weights);

    public override ParameterMemory Gradients => new CpuParameterMemory(() => Live(_gradients));

    // Until training starts an average, it is the weights.
    public override ParameterMemory Average => new CpuParameterMemory(() => _average ?? _weights);

    public override ParameterMemory State(int number) => new CpuParameterMemory(() => Live(_state), number * Align(_description.TrainableFloats));

    public override long AllocatedBytes => _weights.Bytes + (_gradients?.Bytes ?? 0) + (_state?.Bytes ?? 0) + (_average?.Bytes ?? 0) + (_chunkArena?.Bytes ?? 0)
        + _inputs.Bytes + _work.Bytes + _followers.Bytes + (_cache?.Bytes ?? 0) + Context.ScratchBytes;

    public override IKernelWatch? Watch
    {
        get => Context.Watch;
        set => Context.Watch = value;
    }

    internal ThreadTeam Team => Context.Team;

    protected CpuContext Context { get; }

    /// <summary>A tensor of the workspace, from its offset in floats.</summary>
    protected float* Tensor(long offset) => (float*)_work.Pointer + offset;

    /// <summary>A tensor of narrow elements, from its offset in floats.</summary>
    protected BFloat16* Narrow(long offset) => (BFloat16*)Tensor(offset);

    /// <summary>A parameter, from its offset in floats.</summary>
    protected float* Weight(long offset) => (float*)_weights.Pointer + offset;

    /// <summary>A parameter's gradient.</summary>
    protected float* Gradient(long offset) => (float*)_gradients!.Pointer + offset;

    protected float* WeightArena => (float*)_weights.Pointer;

    protected float* GradientArena => (float*)_gradients!.Pointer;

    protected float* AverageArena => (float*)_average!.Pointer;

    protected ParameterChunk* Chunks => (ParameterChunk*)_chunkArena!.Pointer;

    protected int ChunkCount => _chunks.Length;

    /// <summary>Floats of the workspace.</summary>
    protected abstract long WorkFloats(Pass pass, long batch, long length);

    protected abstract long SharedScratchBytes(Pass pass, long batch, long length);

    protected abstract long WorkerScratchBytes(Pass pass, long batch, long length);

    /// <summary>Adds where a pass leaves an output; nothing: it has none of this name.</summary>
    protected abstract void Output(Pass pass, string output, long batch, long length, List<(long Offset, long Count)> pieces);

    protected abstract void Run(Pass pass, long batch, long length, bool accumulate);

    /// <summary>The optimizer's formulas over all chunks.</summary>
    protected virtual void Update(long step, double rate, double scale) => throw new InvalidOperationException($"{_description.Name} has no parameters that train.");

    /// <summary>Floats of a tensor with the gap behind it: tensors start at 128 bytes.</summary>
    protected static long Align(long floats) => (floats + 31) / 32 * 32;

    protected static long Largest(params ReadOnlySpan<long> values)
    {
        var largest = 0L;
        foreach (var value in values)
        {
            largest = Math.Max(largest, value);
        }

        return largest;
    }

    /// <summary>An array of the optimizer's state.</summary>
    protected float* StateArena(int number) => (float*)_state!.Pointer + (number * Align(_description.TrainableFloats));

    protected float* Floats(int input) => (float*)_inputs.Pointer + InputOffset(_pass, input, _batch, _length);

    protected int* Integers(int input) => (int*)Floats(input);

    /// <summary>A layer's keys and values of earlier tokens.</summary>
    protected KeyCache Cache(int layer) => _cache!.Of(layer);

    protected DropoutKey Keep(int site, float probability) => new(_seed, _draw, (uint)site, probability);

    public override long MemoryFor(params ReadOnlySpan<PassSize> passes)
    {
        var (inputs, work, shared, worker, training, keys, cache) = (0L, 0L, 0L, 0L, 0L, 0L, 0L);
        foreach (var size in passes)
        {
            var (pass, batch, length) = size;
            inputs = Math.Max(inputs, InputOffset(pass, _description.Inputs.Length, batch, length) * sizeof(float));
            work = Math.Max(work, WorkFloats(pass, batch, length) * sizeof(float));
            shared = Math.Max(shared, SharedScratchBytes(pass, batch, length));
            worker = Math.Max(worker, WorkerBytes(pass, batch, length));
            training = size.HasGradients ? TrainingBytes() : training;
            keys = size.HasKeys ? Math.Max(keys, _followers.BytesFor(batch)) : keys;
            cache = pass == Pass.Decode ? Math.Max(cache, _cache!.BytesFor(batch, length)) : cache;
        }

        return _weights.Bytes + inputs + work + CpuContext.ScratchBytesFor(shared, worker, Context.Team.Threads) + training + keys + cache;
    }

    public override void Reserve(Pass pass, long batch, long length)
    {
        (_pass, _batch, _length) = (pass, batch, length);
        var size = new PassSize(pass, batch, length);
        Arena.Grow(ref _inputs, InputOffset(pass, _description.Inputs.Length, batch, length) * sizeof(float));
        Arena.Grow(ref _work, WorkFloats(pass, batch, length) * sizeof(float));
        Context.ReserveScratch(SharedScratchBytes(pass, batch, length), WorkerBytes(pass, batch, length));
        if (size.HasKeys)
        {
            _followers.Reserve(batch);
        }

        if (size.HasGradients)
        {
            ReserveTraining();
        }
    }

    public override void Upload(int input, long batch, long length, ReadOnlySpan<float> values) =>
        values.CopyTo(new Span<float>((float*)_inputs.Pointer + InputOffset(_pass, input, batch, length), values.Length));

    public override void Upload(int input, long batch, long length, ReadOnlySpan<int> values) =>
        values.CopyTo(new Span<int>((int*)_inputs.Pointer + InputOffset(_pass, input, batch, length), values.Length));

    public override void Execute(Pass pass, long batch, long length, bool accumulate, ulong seed, ulong draw)
    {
        (_pass, _batch, _length, _seed, _draw) = (pass, batch, length, seed, draw);
        Run(pass, batch, length, accumulate);
        if (pass == Pass.Decode)
        {
            _cache!.Advance((int)length);
        }
    }

    public override void BeginCache(int rows, int tokens) => _cache!.Begin(rows, tokens);

    public override void RearrangeCache(ReadOnlySpan<int> parents, int since) => _cache!.Rearrange(parents, since);

    public override float[]? Read(Pass pass, string output, long batch, long length)
    {
        _pieces.Clear();
        Output(pass, output, batch, length, _pieces);
        if (_pieces.Count == 0)
        {
            return null;
        }

        var values = new float[checked((int)_pieces.Sum(static p => p.Count))];
        CopyPieces(values);
        return values;
    }

    public override void Read(Pass pass, string output, long batch, long length, Span<float> values)
    {
        _pieces.Clear();
        Output(pass, output, batch, length, _pieces);
        CopyPieces(values);
    }

    public override float ReadFirst(Pass pass, string output, long batch, long length)
    {
        _pieces.Clear();
        Output(pass, output, batch, length, _pieces);
        return *Tensor(_pieces[0].Offset);
    }

    // Whoever launches computes as well: there is nothing to be ahead of.
    public override int KeptSteps => 1;

    public override void KeepLoss(Pass pass, long batch, long length, int slot, bool accumulate)
    {
        double loss = ReadFirst(pass, "loss", batch, length);
        _loss = accumulate ? _loss + loss : loss;

        for (var i = 0; i < _followers.Queues.Length; i++)
        {
            _pieces.Clear();
            Output(pass, _followers.Queues[i].Keys, batch, length, _pieces);
            _followers.Keep(i, batch, Tensor(_pieces[0].Offset));
        }
    }

    public override void Optimize(long step, double rate, double limit, int slot)
    {
        ReserveTraining();
        var partial = (double*)(Chunks + ChunkCount);
        _norm = Math.Sqrt(GradientNorm.SumOfSquares(Context, GradientArena, Chunks, ChunkCount, partial));
        if (double.IsFinite(_loss) && double.IsFinite(_norm))
        {
            Update(step, rate, Math.Min(1, limit / (_norm + 1e-6)));
            _followers.Follow();
        }
    }

    public override (double Loss, double GradientNorm) ReadKept(int slot) => (_loss, _norm);

    // The next step is looked at by itself.
    public override void GoOn()
    {
    }

    public override void SwapAverage()
    {
        if (_average is not null)
        {
            for (var i = 0L; i < _description.TrainableFloats; i++)
            {
                (WeightArena[i], AverageArena[i]) = (AverageArena[i], WeightArena[i]);
            }
        }
    }

    public override void ResetAverage()
    {
        if (_average is not null)
        {
            Buffer.MemoryCopy(_weights.Pointer, _average.Pointer, _average.Bytes, _average.Bytes);
        }
    }

    protected override void Dispose(bool disposing)
    {
        Context.Dispose();
        _followers.Dispose();
        _cache?.Dispose();
        foreach (var arena in new[] { _weights, _gradients, _state, _average, _chunkArena, _inputs, _work })
        {
            arena?.Dispose();
        }
    }

    // What was never there is gone as well once the weights are.
    private Arena? Live(Arena? arena) => arena ?? (_weights.Pointer is null ? _weights : null);

    private static IEnumerable<ParameterChunk> Pieces(ModelDescription description) => description.Parameters
        .Where(static p => p.Role == ParameterRole.Trained)
        .SelectMany(static p => Enumerable.Range(0, (p.Count + Schedule.ElementChunk - 1) / Schedule.ElementChunk).Select(i => new ParameterChunk
        {
            Offset = p.Offset + (i * (long)Schedule.ElementChunk),
            Count = Math.Min(Schedule.ElementChunk, p.Count - (i * Schedule.ElementChunk)),
            Decays = p.Decays,
        }));

    private long WorkerBytes(Pass pass, long batch, long length) => Math.Max(Gemm.WorkerScratchBytes, WorkerScratchBytes(pass, batch, length));

    // A pass has room for the inputs that it reads.
    private long InputOffset(Pass pass, int input, long batch, long length)
    {
        var at = 0L;
        for (var i = 0; i < input; i++)
        {
            at += _description.Inputs[i].IsOf(pass) ? Align(_description.Inputs[i].Count(batch, length)) : 0;
        }

        return at;
    }

    private void CopyPieces(Span<float> values)
    {
        foreach (var (offset, count) in _pieces)
        {
            new ReadOnlySpan<float>(Tensor(offset), (int)count).CopyTo(values);
            values = values[(int)count..];
        }
    }

    private long TrainingBytes() => (_description.TrainableFloats * sizeof(float) * (_description.HasAverage ? 2 : 1))
        + (Align(_description.TrainableFloats) * sizeof(float) * _description.State.Length) + ChunkBytes();

    private long ChunkBytes() => _chunks.Length * (long)(sizeof(ParameterChunk) + sizeof(double));

    public override void ReserveTraining()
    {
        if (_gradients is not null)
        {
            return;
        }

        _state = new Arena(Align(_description.TrainableFloats) * sizeof(float) * _description.State.Length);
        if (_description.HasAverage)
        {
            _average = new Arena(_description.TrainableFloats * sizeof(float));
            ResetAverage();
        }

        _chunkArena = new Arena(ChunkBytes());
        _chunks.CopyTo(new Span<ParameterChunk>(Chunks, _chunks.Length));
        _gradients = new Arena(_description.TrainableFloats * sizeof(float));
    }
}
