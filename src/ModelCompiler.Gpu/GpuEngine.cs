using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ModelCompiler.Runtime;
using Device = ModelCompiler.Runtime.Device;

namespace ModelCompiler.Gpu;

/// <summary>
/// The base of emitted GPU programs: one arena for each role. Gradients and optimizer state appear with the first training pass,
/// so that a model that only predicts holds weights alone; workspaces grow with the largest batch and never shrink.
/// </summary>
public abstract class GpuEngine : Engine
{
    private readonly ModelDescription _description;
    private readonly ParameterChunk[] _chunks;
    private readonly GpuArena _weights;
    private readonly List<(long Offset, long Count)> _pieces = [];
    private readonly float[] _first = new float[1];
    private readonly InputRing _inputs;
    private readonly StepState _moving;
    private readonly GpuArena _draw;
    private readonly Action _launch;
    private GpuTrainingMemory? _training;
    private GpuArena _work, _keys;
    private Pass _pass;
    private long _batch, _length, _kept;
    private bool _accumulate, _hasDropout;
    private ulong _seed, _number;

    /// <exception cref="ArgumentException">The device is no <see cref="GpuDevice"/>.</exception>
    /// <exception cref="OutOfMemoryException">The device has no room for the weights.</exception>
    protected GpuEngine(ModelDescription description, Device device)
    {
        _description = description;
        _chunks = [.. GpuTrainingMemory.ChunksOf(description)];
        Context = new GpuContext(device as GpuDevice ?? throw new ArgumentException($"{description.Name} cannot run its GPU programs on {device}.", nameof(device)));
        _weights = new GpuArena(Context, description.TotalFloats * sizeof(float));
        (_inputs, _work, _draw) = (new InputRing(Context), new GpuArena(Context, 0), new GpuArena(Context, sizeof(int)));
        (_moving, _keys) = (new StepState(description), new GpuArena(Context, 0));
        _launch = () => Run(_pass, _batch, _length, _accumulate);
        Graphs = new PassGraphs(Context.Accelerator is CudaAccelerator ? new CudaGraphs() : null, Console.Error.WriteLine);
    }

    public override ParameterMemory Weights => new GpuParameterMemory(Context, () => _weights);

    public override ParameterMemory Gradients => new GpuParameterMemory(Context, () => Live(_training?.Gradients));

    // Until training starts an average, it is the weights.
    public override ParameterMemory Average => new GpuParameterMemory(Context, () => _training?.Average ?? _weights);

    public override ParameterMemory State(int number) => new GpuParameterMemory(Context, () => Live(_training?.State), number * Align(_description.TrainableFloats));

    public override long AllocatedBytes => _weights.Bytes + (_training is null ? 0 : GpuTrainingMemory.BytesFor(_description, _chunks.Length))
        + _inputs.Bytes + _work.Bytes + _keys.Bytes + Context.ScratchBytes;

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

    /// <summary>Whether and how launches of passes are captured.</summary>
    internal PassGraphs Graphs { get; set; }

    protected internal GpuContext Context { get; }

    /// <summary>Waits for all launches.</summary>
    internal void Synchronize() => Context.Synchronize();

    protected ArrayView<float> WeightArena => _weights.View;

    protected ArrayView<float> GradientArena => _training!.Gradients.View;

    protected ArrayView<float> AverageArena => _training!.Average!.View;

    protected ArrayView<ParameterChunk> Chunks => _training!.Chunks;

    /// <summary>The factor of the gradients; negative: the step is not made.</summary>
    protected ArrayView<float> ScaleOnDevice => _training!.Results.Scale;

    protected int ChunkCount => _chunks.Length;

    /// <summary>A tensor of the workspace, from its offset in floats.</summary>
    protected ArrayView<float> Tensor(long offset) => From(_work, offset);

    /// <summary>A tensor of narrow elements, from its offset in floats.</summary>
    protected ArrayView<BFloat16> Narrow(long offset) => Tensor(offset).Cast<BFloat16>();

    /// <summary>A parameter, from its offset in floats.</summary>
    protected ArrayView<float> Weight(long offset) => From(_weights, offset);

    /// <summary>A parameter's gradient.</summary>
    protected ArrayView<float> Gradient(long offset) => From(_training!.Gradients, offset);

    /// <summary>An array of the optimizer's state.</summary>
    protected ArrayView<float> StateArena(int number) => From(_training!.State, number * Align(_description.TrainableFloats));

    protected ArrayView<float> Floats(int input) => _inputs.View.SubView(InputOffset(input, _batch, _length));

    protected ArrayView<int> Integers(int input) => Floats(input).Cast<int>();

    protected DropoutKey Keep(int site, float probability)
    {
        // The first pass, which is never captured, shows whether there is dropout.
        if (!_hasDropout)
        {
            _hasDropout = true;
            PassDraw.Set(Context, Draw, _number);
        }

        return new(Draw, _seed, (uint)site, probability);
    }

    /// <summary>Floats of the workspace.</summary>
    protected abstract long WorkFloats(Pass pass, long batch, long length);

    protected abstract long SharedScratchBytes(Pass pass, long batch, long length);

    /// <summary>Adds where a pass leaves an output; nothing: it has none of this name.</summary>
    protected abstract void Output(Pass pass, string output, long batch, long length, List<(long Offset, long Count)> pieces);

    protected abstract void Run(Pass pass, long batch, long length, bool accumulate);

    /// <summary>The optimizer's formulas over all chunks.</summary>
    protected virtual void Update(long step, double rate) => throw new InvalidOperationException($"{_description.Name} has no parameters that train.");

    /// <summary>Floats of a tensor with the gap behind it: tensors start at 256 bytes, as vector accesses of the device assume.</summary>
    protected internal static long Align(long floats) => (floats + 63) / 64 * 64;

    protected static long Largest(params ReadOnlySpan<long> values)
    {
        var largest = 0L;
        foreach (var value in values)
        {
            largest = Math.Max(largest, value);
        }

        return largest;
    }

    public override long MemoryFor(Pass pass, long batch, long length)
    {
        var bytes = _weights.Bytes + InputRing.BytesFor(InputOffset(_description.Inputs.Length, batch, length)) + (WorkFloats(pass, batch, length) * sizeof(float))
            + SharedScratchBytes(pass, batch, length);
        return pass == Pass.Train ? bytes + GpuTrainingMemory.BytesFor(_description, _chunks.Length) + KeyBytes(batch) : bytes;
    }

    public override void Reserve(Pass pass, long batch, long length)
    {
        (_batch, _length) = (batch, length);
        try
        {
            _inputs.Reserve(InputOffset(_description.Inputs.Length, batch, length));
            GpuArena.Grow(Context, ref _work, WorkFloats(pass, batch, length) * sizeof(float));
            Context.ReserveScratch(SharedScratchBytes(pass, batch, length));
            if (pass == Pass.Train)
            {
                GpuArena.Grow(Context, ref _keys, KeyBytes(batch));
                ReserveTraining();
            }
        }
        catch (OutOfMemoryException e)
        {
            throw new OutOfMemoryException($"{_description.Name} takes {MemoryFor(pass, batch, length):N0} bytes in all for a {pass} pass of {batch} rows of {length}. {e.Message}", e);
        }
    }

    public override void Upload(int input, long batch, long length, ReadOnlySpan<float> values) => _inputs.Write(InputOffset(input, batch, length), values);

    public override void Upload(int input, long batch, long length, ReadOnlySpan<int> values) => _inputs.Write(InputOffset(input, batch, length), values);

    public override void Execute(Pass pass, long batch, long length, bool accumulate, ulong seed, ulong draw)
    {
        (_pass, _batch, _length, _accumulate, _seed, _number) = (pass, batch, length, accumulate, seed, draw);
        _inputs.Send(InputOffset(_description.Inputs.Length, batch, length));
        if (pass == Pass.Train && _hasDropout)
        {
            PassDraw.Set(Context, Draw, draw);
        }

        if (Watch is null)
        {
            using var binding = Context.Accelerator.BindScoped();
            Graphs.Run(new GraphKey(pass, batch, length, accumulate, seed, _inputs.Current), Context.Allocations, (Context.Stream as CudaStream)?.StreamPtr ?? 0, _launch);
        }
        else
        {
            _launch();
        }

        _inputs.Release();
    }

    public override float[]? Read(Pass pass, string output, long batch, long length)
    {
        _pieces.Clear();
        Output(pass, output, batch, length, _pieces);
        if (_pieces.Count == 0)
        {
            return null;
        }

        var values = new float[checked((int)_pieces.Sum(static p => p.Count))];
        var at = 0;
        foreach (var (offset, count) in _pieces)
        {
            Context.Download(Tensor(offset), values.AsSpan(at, (int)count));
            at += (int)count;
        }

        return values;
    }

    public override float ReadFirst(Pass pass, string output, long batch, long length)
    {
        _pieces.Clear();
        Output(pass, output, batch, length, _pieces);
        Context.Download(Tensor(_pieces[0].Offset), _first.AsSpan());
        return _first[0];
    }

    public override int KeptSteps => StepResults.Kept;

    public override void KeepLoss(long batch, long length, int slot, bool accumulate)
    {
        _pieces.Clear();
        Output(Pass.Train, "loss", batch, length, _pieces);
        _training!.Results.KeepLoss(Tensor(_pieces[0].Offset).SubView(0, 1), slot, accumulate);

        // Another pass may use the workspace before the step is made.
        var at = 0L;
        foreach (var queue in _moving.Queues)
        {
            _pieces.Clear();
            Output(Pass.Train, queue.Keys, batch, length, _pieces);
            _keys.View.SubView(at, batch * queue.Width).CopyFrom(Context.Stream, Tensor(_pieces[0].Offset).SubView(0, batch * queue.Width));
            at += batch * queue.Width;
        }

        _kept = batch;
    }

    public override void Optimize(long step, double rate, double limit, int slot)
    {
        ReserveTraining();
        GradientNorm.SumsOfSquares(Context, GradientArena, Chunks, _training!.Squares.View);
        _training.Results.Judge(_training.Squares.View, (float)limit, slot);
        Update(step, rate);
        Follow();
    }

    // Copies see the weights of this step, queues the vectors that it was made with.
    private void Follow()
    {
        foreach (var copy in _moving.Copies)
        {
            MomentumCopies.Run(Context, Weight(copy.From), Weight(copy.To), copy.Count, (float)_description.Momentum, ScaleOnDevice);
        }

        var at = 0L;
        foreach (var queue in _moving.Queues)
        {
            QueueRows.Write(Context, _keys.View.SubView(at), Weight(queue.Offset), Weight(queue.Next), (int)_kept, queue.Rows, queue.Width, ScaleOnDevice);
            at += _kept * queue.Width;
        }

        foreach (var queue in _moving.Queues.Take(1))
        {
            QueueRows.Advance(Context, Weight(queue.Next), (int)_kept, queue.Rows, ScaleOnDevice);
        }
    }

    private long KeyBytes(long batch) => _moving.KeyFloats(batch) * sizeof(float);

    public override (double Loss, double GradientNorm) ReadKept(int slot)
    {
        ReserveTraining();
        return _training!.Results.Read(slot);
    }

    public override void GoOn() => _training?.Results.GoOn();

    public override void SwapAverage()
    {
        if (_training?.Average is not null)
        {
            Exchange.Run(Context, WeightArena, AverageArena, _description.TrainableFloats);
        }
    }

    public override void ResetAverage() =>
        _training?.Average?.View.CopyFrom(Context.Stream, WeightArena.SubView(0, _training.Average.View.Length));

    public override void ReserveTraining()
    {
        if (_training is null)
        {
            _training = new GpuTrainingMemory(Context, _description, _chunks);
            ResetAverage();
        }
    }

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
        foreach (var arena in new[] { _weights, _work, _keys, _draw })
        {
            arena.Dispose();
        }

        _inputs.Dispose();
        _training?.Dispose();
        Context.Dispose();
    }

    private ArrayView<int> Draw => _draw.View.Cast<int>().SubView(0, 1);

    private static ArrayView<float> From(GpuArena arena, long offset) => arena.View.SubView(offset);

    // What was never there is gone as well once the weights are.
    private GpuArena? Live(GpuArena? arena) => arena ?? (_weights.IsDisposed ? _weights : null);

    private long InputOffset(int input, long batch, long length)
    {
        var at = 0L;
        for (var i = 0; i < input; i++)
        {
            at += Align(_description.Inputs[i].Count(batch, length));
        }

        return at;
    }
}
