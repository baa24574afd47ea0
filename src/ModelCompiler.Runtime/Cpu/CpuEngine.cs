namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// The base of emitted CPU programs: one arena for each role; workspaces grow with the largest batch and never shrink. What only training needs is in
/// <see cref="CpuTraining"/>, so that a model that only predicts holds weights alone.
/// </summary>
public abstract unsafe class CpuEngine : ProgramEngine
{
    // 128 bytes.
    private const int Alignment = 32;

    private readonly ModelDescription _description;
    private readonly Arena _weights;
    private readonly CpuTraining _training;
    private readonly CpuFollowers _followers;
    private readonly KeyCaches? _cache, _memory;
    private Arena _inputs = new(0), _work = new(0);
    private Pass _pass;
    private long _batch;
    private Lengths _lengths;
    private ulong _seed, _draw;
    private double _loss, _norm;

    private protected CpuEngine(ModelDescription description, CpuDevice device)
        : base(description, Alignment)
    {
        _description = description;
        _weights = new Arena(description.TotalFloats * sizeof(float));
        _training = new CpuTraining(description, _weights);
        Context = new CpuContext(device.Threads, device.Set);
        _followers = new CpuFollowers(Context, description, _weights);
        _cache = description.Decoder is { } decoder ? new KeyCaches(decoder) : null;
        _memory = description.Decoder is { Memory: not null } reader ? new KeyCaches(reader) : null;
    }

    /// <exception cref="ArgumentException">The device is no <see cref="CpuDevice"/>.</exception>
    protected CpuEngine(ModelDescription description, Device device)
        : this(description, device as CpuDevice ?? throw new ArgumentException($"{description.Name} was compiled for the CPU alone: it cannot run on {device}. Its project needs a reference to ModelCompiler.Gpu.", nameof(device)))
    {
    }

    public override ParameterMemory Weights => new CpuParameterMemory(() => _weights);

    public override ParameterMemory Gradients => _training.Gradients;

    public override ParameterMemory Average => _training.Average;

    public override ParameterMemory State(int number) => _training.State(number);

    public override long AllocatedBytes => _weights.Bytes + _training.Bytes + _inputs.Bytes + _work.Bytes + _followers.Bytes + (_cache?.Bytes ?? 0) + (_memory?.Bytes ?? 0) + Context.ScratchBytes;

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
    protected float* Gradient(long offset) => GradientArena + offset;

    protected float* WeightArena => (float*)_weights.Pointer;

    protected float* GradientArena => _training.GradientArena;

    protected float* AverageArena => _training.AverageArena;

    protected ParameterChunk* Chunks => _training.Chunks;

    protected int ChunkCount => _training.ChunkCount;

    protected abstract long WorkerScratchBytes(Pass pass, long batch, Lengths lengths);

    /// <summary>The optimizer's formulas over all chunks.</summary>
    protected virtual void Update(long step, double rate, double scale) => throw new InvalidOperationException($"{_description.Name} has no parameters that train.");

    /// <summary>Floats of a tensor with the gap behind it: tensors start at 128 bytes.</summary>
    protected internal static long Align(long floats) => (floats + Alignment - 1) / Alignment * Alignment;

    /// <summary>An array of the optimizer's state.</summary>
    protected float* StateArena(int number) => _training.StateArena(number);

    protected float* Floats(int input) => (float*)_inputs.Pointer + InputOffset(_pass, input, _batch, _lengths);

    protected int* Integers(int input) => (int*)Floats(input);

    /// <summary>A layer's keys and values of earlier tokens.</summary>
    protected KeyCache Cache(int layer) => _cache!.Of(layer);

    /// <summary>Keys and values that a layer has of what it reads.</summary>
    protected KeyCache Memory(int layer) => _memory!.Of(layer);

    protected DropoutKey Keep(int site, float probability) => new(_seed, _draw, (uint)site, probability);

    public override long MemoryFor(params ReadOnlySpan<PassSize> passes)
    {
        var (shared, worker) = (Most(passes, s => SharedScratchBytes(s.Pass, s.Batch, s.Lengths)), Most(passes, s => WorkerBytes(s.Pass, s.Batch, s.Lengths)));
        return _weights.Bytes + CpuContext.ScratchBytesFor(shared, worker, Context.Team.Threads)
            + Most(passes, s => InputFloats(s) * sizeof(float))
            + Most(passes, s => WorkFloats(s.Pass, s.Batch, s.Lengths) * sizeof(float))
            + Most(passes, s => s.HasGradients ? _training.BytesOfTraining : 0)
            + Most(passes, s => s.HasKeys ? _followers.BytesFor(s.Batch) : 0)
            + Most(passes, s => KeepsTokens(s.Pass) ? _cache!.BytesFor(s.Batch, s.Lengths.First) : 0)
            + Most(passes, s => KeepsMemory(s.Pass) ? _memory!.BytesFor(s.Batch, MemoryTokens(s.Lengths)) : 0);
    }

    public override void Reserve(Pass pass, long batch, Lengths lengths)
    {
        (_pass, _batch, _lengths) = (pass, batch, lengths);
        var size = new PassSize(pass, batch, lengths);
        Arena.Grow(ref _inputs, InputFloats(size) * sizeof(float));
        Arena.Grow(ref _work, WorkFloats(pass, batch, lengths) * sizeof(float));
        Context.ReserveScratch(SharedScratchBytes(pass, batch, lengths), WorkerBytes(pass, batch, lengths));
        if (size.HasKeys)
        {
            _followers.Reserve(batch);
        }

        if (size.HasGradients)
        {
            _training.Reserve();
        }
    }

    public override void Upload(int input, long batch, Lengths lengths, ReadOnlySpan<float> values) =>
        values.CopyTo(new Span<float>((float*)_inputs.Pointer + InputOffset(_pass, input, batch, lengths), values.Length));

    public override void Upload(int input, long batch, Lengths lengths, ReadOnlySpan<int> values) =>
        values.CopyTo(new Span<int>((int*)_inputs.Pointer + InputOffset(_pass, input, batch, lengths), values.Length));

    public override void Execute(Pass pass, long batch, Lengths lengths, bool accumulate, ulong seed, ulong draw)
    {
        (_pass, _batch, _lengths, _seed, _draw) = (pass, batch, lengths, seed, draw);
        Run(pass, batch, lengths, accumulate);
        if (KeepsTokens(pass))
        {
            _cache!.Advance((int)lengths.First);
        }

        if (KeepsMemory(pass))
        {
            KeepMemory(batch, lengths);
        }
    }

    public override void BeginCache(int rows, int tokens) => _cache!.Begin(rows, tokens);

    public override void RearrangeCache(ReadOnlySpan<int> parents, int since) => _cache!.Rearrange(parents, since);

    protected override void Copy(long offset, Span<float> values) => new ReadOnlySpan<float>(Tensor(offset), values.Length).CopyTo(values);

    // Whoever launches computes as well: there is nothing to be ahead of.
    public override int KeptSteps => 1;

    public override void KeepLoss(Pass pass, long batch, Lengths lengths, int slot, bool accumulate)
    {
        double loss = ReadFirst(pass, "loss", batch, lengths);
        _loss = accumulate ? _loss + loss : loss;

        for (var i = 0; i < _followers.Queues.Length; i++)
        {
            _followers.Keep(i, batch, Tensor(Begin(pass, _followers.Queues[i].Keys, batch, lengths)));
        }
    }

    public override void Optimize(long step, double rate, double limit, int slot)
    {
        _training.Reserve();
        _norm = _training.GradientNormOf(Context);
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

    public override void SwapAverage() => _training.SwapAverage();

    public override void ResetAverage() => _training.ResetAverage();

    public override void ReserveTraining() => _training.Reserve();

    protected override void Dispose(bool disposing)
    {
        Context.Dispose();
        _followers.Dispose();
        _cache?.Dispose();
        _memory?.Dispose();
        _training.Dispose();
        _weights.Dispose();
        _inputs.Dispose();
        _work.Dispose();
    }

    private void KeepMemory(long batch, Lengths lengths)
    {
        var (tokens, pieces) = (MemoryTokens(lengths), Pieces(Pass.Prime, KeysAndValues, batch, lengths));
        _memory!.Begin((int)batch, tokens);
        for (var layer = 0; layer < pieces.Count; layer++)
        {
            _memory.Take(layer, Tensor(pieces[layer].Offset));
        }

        _memory.TakeMask(MemoryMask < 0 ? null : Integers(MemoryMask));
        _memory.Advance(tokens);
    }

    private long WorkerBytes(Pass pass, long batch, Lengths lengths) => Math.Max(Gemm.WorkerScratchBytes, WorkerScratchBytes(pass, batch, lengths));
}
