using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Runtime;

/// <summary>What every emitted model has.</summary>
public interface IModel : IDisposable
{
    /// <summary>The model by names instead of types: what tools use.</summary>
    ModelCore Core { get; }
}

/// <summary>
/// The part of a model that does not depend on its types: inputs and outputs by name, steps, checkpoints. One caller at a time.
/// Emitted code wraps it; tools use it directly.
/// </summary>
public sealed partial class ModelCore : IDisposable
{
    private readonly Engine _engine;
    private readonly StepQueue _steps;
    private readonly PassInputs _inputs;
    private readonly DrawnInputs _drawn;
    private readonly GatheredPairs _pairs;
    private readonly PassRules _rules;
    private Pass _pass;
    private (long Batch, Lengths Lengths) _size;
    private ulong _draw;
    private bool _isDisposed;

    /// <param name="seed">Seed of the initial weights and of dropout.</param>
    public ModelCore(ModelDescription description, Engine engine, ulong seed)
    {
        (Description, _engine, Seed) = (description, engine, seed);
        (_steps, _inputs, _rules) = (new StepQueue(description, engine), new PassInputs(description, engine), new PassRules(description, new StepState(description)));
        (_pairs, _drawn) = (new GatheredPairs(description, engine, _inputs), new DrawnInputs(description, _inputs));
        var parameters = new Dictionary<string, Parameter>();
        foreach (var info in description.Parameters)
        {
            engine.Weights.Write(info.Offset, Initial(info));
            if (info.Role != ParameterRole.Constant)
            {
                parameters.Add(info.Name, new Parameter(info.Name, info.Shape, info.Offset, engine.Weights, info.Role == ParameterRole.Trained ? engine.Gradients : null));
            }
        }

        Parameters = new ParameterTable(description.Name, parameters);
    }

    public ModelDescription Description { get; }

    internal Engine Engine => _engine;

    /// <summary>By name, in the order of the model.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters { get; }

    /// <summary>Seed of the initial weights and of dropout.</summary>
    public ulong Seed { get; private set; }

    /// <summary>Optimizer steps that were made; those that were queued and not read yet count until they are known not to have been.</summary>
    public long Steps => _steps.Steps;

    /// <summary>Steps that were queued and not read yet.</summary>
    public int Pending => _steps.Pending;

    /// <summary>Steps that may be pending before <see cref="QueueStep"/> refuses: more than one where a device works beside its caller.</summary>
    public int MostPending => _engine.KeptSteps;

    /// <summary>Global norm of the gradients of the step that was read last, before clipping; NaN before the first.</summary>
    public double LastGradientNorm => _steps.GradientNorm;

    /// <summary>Bytes that are allocated now.</summary>
    public long AllocatedBytes => _engine.AllocatedBytes + _pairs.Bytes;

    /// <summary>Number of layers under a name: <c>blocks</c>.</summary>
    public int LayerCount(string name) => 1 + Parameters.Keys.Where(k => k.StartsWith(name + ".", StringComparison.Ordinal))
        .Max(k => int.Parse(k[(name.Length + 1)..k.IndexOf('.', name.Length + 1)], System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Sets an input of the next pass. The array is read when the pass runs.</summary>
    public void SetInput(string name, float[] values) => _inputs.Set(name, values);

    /// <inheritdoc cref="SetInput(string, float[])"/>
    public void SetInput(string name, int[] values) => _inputs.Set(name, values);

    /// <summary>Sets a mean's factor to 1 / <paramref name="count"/>, or 0 where nothing counts.</summary>
    public void SetScale(string name, long count) => _inputs.SetScale(name, count);

    /// <summary>Computes outputs.</summary>
    public void Forward(long batch, Lengths lengths) => Run(Pass.Forward, batch, lengths, false);

    /// <summary>Computes the features of one tower of two.</summary>
    /// <param name="side"><see cref="Pass.EncodeFirst"/> or <see cref="Pass.EncodeSecond"/>.</param>
    /// <param name="length">Tokens of a row of this tower; 1 where it reads no text.</param>
    public void Encode(Pass side, long batch, long length)
    {
        var lengths = side == Pass.EncodeSecond && Description.MaxSecondLength > 1 ? new Lengths(1, length) : length;
        Run(side is Pass.EncodeFirst or Pass.EncodeSecond ? side : throw new ArgumentOutOfRangeException(nameof(side), side, "not the features of a tower"), batch, lengths, false);
    }

    /// <summary>Computes outputs and the loss.</summary>
    public double Evaluate(long batch, Lengths lengths)
    {
        Run(Pass.Evaluate, batch, lengths, false);
        return Loss();
    }

    /// <summary>Computes gradients and the loss.</summary>
    /// <param name="accumulate">Add to the gradients that are there: another batch of the same step.</param>
    public double ComputeGradients(long batch, Lengths lengths, bool accumulate)
    {
        QueueGradients(batch, lengths, accumulate);
        return Loss();
    }

    /// <summary>Computes gradients as <see cref="ComputeGradients"/> does, and keeps the loss on the device: nothing waits for it.</summary>
    /// <param name="accumulate">Add to the gradients and the loss that are there: another batch of the same step.</param>
    /// <exception cref="ArgumentException">An input has another number of values, or no target counts: of the first batch, by what <see cref="SetScale"/> was told of all.</exception>
    public void QueueGradients(long batch, Lengths lengths, bool accumulate)
    {
        if (!accumulate)
        {
            _inputs.RequireTargets();
        }

        _draw = accumulate ? _draw + 1 : FirstDraw;
        _drawn.Set(Pass.Train, batch, lengths, Seed, _draw);
        Run(Pass.Train, batch, lengths, accumulate);
        _engine.KeepLoss(Pass.Train, batch, lengths, _steps.Slot, accumulate);
    }

    /// <summary>The sum of the losses of the passes that the gradients are of; waits for them.</summary>
    public double ReadLoss()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _engine.ReadKept(_steps.Slot).Loss;
    }

    /// <summary>
    /// One optimizer step with the gradients of the last pass. False: the loss or a gradient is no finite number, and nothing was changed.
    /// </summary>
    public bool Step()
    {
        QueueStep();
        return ReadSteps(out _);
    }

    /// <summary>
    /// Puts an optimizer step with the gradients of the last pass on the device; nothing waits. Where it cannot be made, neither it nor those behind
    /// it change anything; <see cref="ReadStep"/> says so.
    /// </summary>
    /// <exception cref="InvalidOperationException"><see cref="MostPending"/> steps have not been read.</exception>
    public void QueueStep()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _steps.Add();
    }

    /// <summary>
    /// Reads the first of the steps that are pending, and waits for it. False: its loss or a gradient is no finite number; neither it nor the steps
    /// behind it were made, and none is pending any more.
    /// </summary>
    /// <exception cref="InvalidOperationException">No step is pending.</exception>
    public bool ReadStep(out StepReport report)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _steps.Read(out report);
    }

    /// <summary>Reads the steps that are pending, and waits for them.</summary>
    /// <param name="last">The last, or the first that was not made.</param>
    /// <exception cref="InvalidOperationException">No step is pending.</exception>
    public bool ReadSteps(out StepReport last)
    {
        bool isMade;
        do
        {
            isMade = ReadStep(out last);
        }
        while (Pending > 0);
        return isMade;
    }

    /// <summary>
    /// What a pass launches, in order; a run of layers repeats its launches (<see cref="LaunchInfo.Times"/>), and each launch is one kernel or a few of the device's. An optimizer step
    /// adds those of clipping and of the update to <see cref="Pass.Train"/>, or, where the pairs of several batches meet, to <see cref="Pass.Embed"/> and <see cref="Pass.Backward"/>
    /// of each batch and <see cref="Pass.Compare"/> between them.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The model has no such pass.</exception>
    public IReadOnlyList<LaunchInfo> Launches(Pass pass)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _engine.Launches(pass);
    }

    /// <summary>Watches the training passes until <see cref="NotFinite"/>: computed again, they show where a number stops being finite.</summary>
    public void WatchFinite() => _engine.Watch = new FiniteWatch(_rules.Gathers
        ? [.. Repeated(Pass.Embed), .. Launches(Pass.Compare), .. Repeated(Pass.Backward)]
        : Launches(Pass.Train));

    /// <summary>What the passes since <see cref="WatchFinite"/> showed.</summary>
    public NotFiniteException NotFinite()
    {
        var found = (_engine.Watch as FiniteWatch)?.Found;
        _engine.Watch = null;
        return new NotFiniteException(FormattableString.Invariant(
            $"Step {Steps + 1} of {Description.Name} was not made: its loss is {_steps.Loss}, its gradient norm {LastGradientNorm}. First output that is not finite: {found ?? "none; the norm itself is too large"}."), found);
    }

    /// <exception cref="ArgumentException">A step needs another number of batches.</exception>
    public void RequireBatches(int count)
    {
        if (count != Description.Accumulate)
        {
            throw new ArgumentException($"A step of {Description.Name} takes {Description.Accumulate} {(Description.Accumulate == 1 ? "batch" : "batches")}, not {count}: see Accumulate.", nameof(count));
        }
    }

    /// <summary>A copy of an output of the last pass.</summary>
    /// <exception cref="InvalidOperationException">There was no pass, or it has no such output.</exception>
    public float[] Output(string name) => Find(name)
        ?? throw new InvalidOperationException(_size.Batch == 0 ? $"{Description.Name} has no outputs before a pass." : $"The last pass of {Description.Name} ({_pass}) has no output '{name}'.");

    /// <summary>True where the last pass has an output of this name.</summary>
    public bool HasOutput(string name) => Find(name) is not null;

    /// <summary>Bytes that a pass needs in all; a training pass of pairs of several batches that all meet, for that many batches of one size.</summary>
    public long MemoryFor(Pass pass, long batch, Lengths lengths)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (pass == Pass.Train && _rules.Gathers)
        {
            var pairs = checked(batch * Description.Accumulate);
            _rules.Check(Pass.Embed, batch, lengths);
            _rules.Check(Pass.Compare, pairs, 1);
            return _engine.MemoryFor(new(Pass.Embed, batch, lengths), new(Pass.Compare, pairs, 1), new(Pass.Backward, batch, lengths)) + _pairs.BytesFor(pairs);
        }

        _rules.Check(pass, batch, lengths);
        return _engine.MemoryFor(new PassSize(pass, batch, lengths));
    }

    /// <summary>Goes on from another run's step; its numbers are written behind this.</summary>
    internal void Restore(long steps, ulong seed)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _engine.ReserveTraining();
        _steps.Restore(steps);
        Seed = seed;
    }

    public void Dispose()
    {
        _isDisposed = true;
        _engine.Dispose();
    }

    private void Run(Pass pass, long batch, Lengths lengths, bool accumulate)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _rules.Check(pass, batch, lengths);
        _inputs.Check(pass, batch, lengths);
        _size = default; // outputs are gone, should anything fail from here on
        _engine.Reserve(pass, batch, lengths);
        _inputs.Upload(pass, batch, lengths);
        _engine.Execute(pass, batch, lengths, accumulate, Seed, _draw);
        (_pass, _size) = (pass, (batch, lengths));
        _inputs.Clear();
    }

    private float[]? Find(string output)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _size.Batch == 0 ? null : _engine.Read(_pass, output, _size.Batch, _size.Lengths);
    }

    private ulong FirstDraw => (ulong)(Steps * Description.Accumulate);

    private IEnumerable<LaunchInfo> Repeated(Pass pass) => Enumerable.Repeat(Launches(pass), Description.Accumulate).SelectMany(static l => l);

    private double Loss() => _engine.ReadFirst(_pass, "loss", _size.Batch, _size.Lengths);
}
