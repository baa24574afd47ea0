using ILGPU;
using ILGPU.Runtime.Cuda;
using ModelCompiler.Runtime;
using Device = ModelCompiler.Runtime.Device;

namespace ModelCompiler.Gpu;

/// <summary>
/// The base of emitted GPU programs: one arena for each role; workspaces grow with the largest batch and never shrink. What only training needs is in
/// <see cref="GpuTraining"/>.
/// </summary>
public abstract partial class GpuEngine : ProgramEngine
{
    // 256 bytes, as vector accesses of the device assume.
    private const int Alignment = 64;

    private readonly ModelDescription _description;
    private readonly GpuArena _weights;
    private readonly InputRing _inputs;
    private readonly PassNumber _passNumber;
    private readonly GpuTraining _training;
    private readonly GpuFollowers _followers;
    private readonly KeyCaches? _cache, _memory;
    private readonly Action _launch, _optimize;
    private GpuArena _work;
    private Pass _pass;
    private long _batch;
    private Lengths _lengths;
    private bool _accumulate;
    private ulong _seed;

    /// <exception cref="ArgumentException">The device is no <see cref="GpuDevice"/>.</exception>
    /// <exception cref="OutOfMemoryException">The device has no room for the weights.</exception>
    protected GpuEngine(ModelDescription description, Device device)
        : base(description, Alignment)
    {
        _description = description;
        Context = new GpuContext(device as GpuDevice ?? throw new ArgumentException($"{description.Name} cannot run its GPU programs on {device}.", nameof(device)));
        _weights = new GpuArena(Context, description.TotalFloats * sizeof(float));
        (_inputs, _work, _passNumber) = (new InputRing(Context), new GpuArena(Context, 0), new PassNumber(Context));
        _training = new GpuTraining(Context, description, _weights);
        _followers = new GpuFollowers(Context, description, _weights);
        _cache = description.Decoder is { } decoder ? new KeyCaches(Context, decoder) : null;
        _memory = description.Decoder is { Memory: not null } reader ? new KeyCaches(Context, reader) : null;
        _launch = () => Run(_pass, _batch, _lengths, _accumulate);
        _optimize = () =>
        {
            _training.Judge();
            Update();
        };
        Graphs = new PassGraphs(Context.Accelerator is CudaAccelerator ? new CudaGraphs() : null, Console.Error.WriteLine);
    }

    public override ParameterMemory Weights => new GpuParameterMemory(Context, () => _weights);

    public override ParameterMemory Gradients => _training.Gradients;

    public override ParameterMemory Average => _training.Average;

    public override ParameterMemory State(int number) => _training.State(number);

    public override long AllocatedBytes => _weights.Bytes + _training.Bytes + _followers.Bytes + _inputs.Bytes + _work.Bytes + (_cache?.Bytes ?? 0) + (_memory?.Bytes ?? 0) + Context.ScratchBytes + ProductBytes;

    public override IKernelWatch? Watch
    {
        get => Context.Watch;
        set => Context.Watch = value;
    }

    /// <summary>Kernels that the device was given so far.</summary>
    internal long DeviceLaunches => Context.Launches;

    /// <summary>Times that the host waited for the device's launches.</summary>
    internal long Waits => Context.Waits;

    /// <summary>Kernels that were compiled for the device, by all models.</summary>
    internal IReadOnlyList<KernelCompilation> Compilations => Context.Compilations;

    /// <summary>Whether and how launches of passes and of steps are captured.</summary>
    internal PassGraphs Graphs { get; set; }

    protected internal GpuContext Context { get; }

    /// <summary>Waits for all launches.</summary>
    internal void Synchronize() => Context.Synchronize();

    /// <summary>What the optimizer reads of a step.</summary>
    /// <param name="step">1 for the first.</param>
    protected virtual StepNumbers NumbersOf(long step, double rate) => throw new InvalidOperationException($"{_description.Name} has no parameters that train.");

    /// <summary>The optimizer's formulas over all chunks.</summary>
    protected virtual void Update() => throw new InvalidOperationException($"{_description.Name} has no parameters that train.");

    /// <summary>Floats of a tensor with the gap behind it: tensors start at 256 bytes.</summary>
    protected internal static long Align(long floats) => (floats + Alignment - 1) / Alignment * Alignment;

    /// <summary>The tensors of a pass of which the largest is one, whatever batch and lengths are.</summary>
    protected abstract IReadOnlyList<TensorSize> LargestTensors(Pass pass);

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A tensor has more elements than kernels can count.</exception>
    public override long MemoryFor(params ReadOnlySpan<PassSize> passes)
    {
        foreach (var size in passes)
        {
            Check(size);
        }

        return _weights.Bytes + ProductBytes
            + Most(passes, s => InputRing.BytesFor(InputFloats(s)))
            + Most(passes, s => WorkFloats(s.Pass, s.Batch, s.Lengths) * sizeof(float))
            + Most(passes, s => SharedScratchBytes(s.Pass, s.Batch, s.Lengths))
            + Most(passes, s => s.HasGradients ? _training.BytesOfTraining : 0)
            + Most(passes, s => s.HasKeys ? _followers.BytesFor(s.Batch) : 0)
            + Most(passes, s => KeepsTokens(s.Pass) ? _cache!.BytesFor(s.Batch, s.Lengths.First) : 0)
            + Most(passes, s => KeepsMemory(s.Pass) ? _memory!.BytesFor(s.Batch, MemoryTokens(s.Lengths)) : 0);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A tensor has more elements than kernels can count.</exception>
    public override void Reserve(Pass pass, long batch, Lengths lengths)
    {
        var size = new PassSize(pass, batch, lengths);
        Check(size);
        (_pass, _batch, _lengths) = (pass, batch, lengths);
        try
        {
            // The greatest first: where there is no room for it, nothing else has grown.
            GpuArena.Grow(Context, ref _work, WorkFloats(pass, batch, lengths) * sizeof(float));
            _inputs.Reserve(InputFloats(size));
            Context.ReserveScratch(SharedScratchBytes(pass, batch, lengths));
            if (size.HasGradients)
            {
                _training.Reserve();
            }

            if (size.HasKeys)
            {
                _followers.Reserve(batch);
            }
        }
        catch (OutOfMemoryException e)
        {
            throw new OutOfMemoryException($"{_description.Name} takes {MemoryFor(size):N0} bytes in all for a {pass} pass of {batch} rows of {lengths}. {e.Message}", e);
        }
    }

    public override void Upload(int input, long batch, Lengths lengths, ReadOnlySpan<float> values) => _inputs.Write(InputOffset(_pass, input, batch, lengths), values);

    public override void Upload(int input, long batch, Lengths lengths, ReadOnlySpan<int> values) => _inputs.Write(InputOffset(_pass, input, batch, lengths), values);

    public override void Execute(Pass pass, long batch, Lengths lengths, bool accumulate, ulong seed, ulong draw)
    {
        (_pass, _batch, _lengths, _accumulate, _seed) = (pass, batch, lengths, accumulate, seed);
        var size = new PassSize(pass, batch, lengths);
        _inputs.Send(InputFloats(size));
        _passNumber.Set(draw, size.HasDropout);
        if (Watch is null && !size.Generates)
        {
            Replay(new GraphKey(pass, batch, lengths, accumulate, seed, _inputs.Current), _launch);
        }
        else
        {
            _launch();
        }

        if (KeepsMemory(pass))
        {
            KeepMemory(batch, lengths);
        }

        _inputs.Release();
        if (KeepsTokens(pass))
        {
            _cache!.Advance((int)lengths.First);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A layer's cache has more elements than kernels can count.</exception>
    public override void BeginCache(int rows, int tokens)
    {
        new TensorSize("the cache of a layer", 2 * _description.Decoder!.KeyWidth, 1, 1).Check(_description.Name, new PassSize(Pass.Decode, rows, tokens));
        _cache!.Begin(rows, tokens);
    }

    public override void RearrangeCache(ReadOnlySpan<int> parents, int since) => _cache!.Rearrange(parents, since);

    protected override void Copy(long offset, Span<float> values) => Context.Download(Tensor(offset), values);

    public override int KeptSteps => StepResults.Kept;

    public override void KeepLoss(Pass pass, long batch, Lengths lengths, int slot, bool accumulate)
    {
        Training.Results.KeepLoss(Left(pass, "loss", batch, lengths).SubView(0, 1), slot, accumulate);
        for (var i = 0; i < _followers.Queues.Length; i++)
        {
            _followers.Keep(i, batch, Left(pass, _followers.Queues[i].Keys, batch, lengths));
        }
    }

    public override void Optimize(long step, double rate, double limit, int slot)
    {
        _training.Set(NumbersOf(step, rate), limit, slot);
        Replay(GraphKey.OfStep, _optimize);
        _followers.Follow(ScaleOnDevice);
    }

    public override (double Loss, double GradientNorm) ReadKept(int slot) => _training.Reserve().Results.Read(slot);

    public override void GoOn() => _training.Memory?.Results.GoOn();

    public override void SwapAverage() => _training.SwapAverage();

    public override void ResetAverage() => _training.ResetAverage();

    public override void ReserveTraining() => _training.Reserve();

    protected override void Dispose(bool disposing)
    {
        // Launches that are under way still use the memory; OpenCL's driver crashes where the process ends before they do.
        try
        {
            Context.Synchronize();
        }
        catch (DeviceLostException)
        {
            return; // its memory is gone already, and what lost it has been said
        }

        Graphs.Dispose();
        _weights.Dispose();
        _work.Dispose();
        _passNumber.Dispose();
        _followers.Dispose();
        _cache?.Dispose();
        _memory?.Dispose();
        _inputs.Dispose();
        _training.Dispose();
        Context.Dispose();
    }

    // By number: this runs each step, and an enumerator of an interface would be allocated.
    private void Check(PassSize size)
    {
        var tensors = LargestTensors(size.Pass);
        for (var i = 0; i < tensors.Count; i++)
        {
            tensors[i].Check(_description.Name, size);
        }
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

    private GpuTrainingMemory Training => _training.Memory!;

    private long ProductBytes => Context.SumBytes + (Context.Cublas?.Bytes ?? 0);

    private ArrayView<float> Left(Pass pass, string output, long batch, Lengths lengths) => Tensor(Begin(pass, output, batch, lengths));

    private void Replay(in GraphKey key, Action launch)
    {
        using var binding = Context.Accelerator.BindScoped();
        Graphs.Run(in key, Context.Allocations, (Context.Stream as CudaStream)?.StreamPtr ?? 0, launch);
    }
}
