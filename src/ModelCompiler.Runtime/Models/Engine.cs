namespace ModelCompiler.Runtime;

/// <summary>A model's programs on a device: what <see cref="ModelCore"/> needs of it.</summary>
public abstract class Engine : IDisposable
{
    /// <summary>All weights, constants included.</summary>
    public abstract ParameterMemory Weights { get; }

    /// <summary>Gradients of what trains; zero before the first pass.</summary>
    public abstract ParameterMemory Gradients { get; }

    /// <summary>Moving average of what trains.</summary>
    public abstract ParameterMemory Average { get; }

    /// <summary>One of the optimizer's arrays, laid out as the weights.</summary>
    /// <param name="number">0 for the first.</param>
    public abstract ParameterMemory State(int number);

    /// <summary>Makes room for gradients, optimizer state and average, which otherwise appear with the first training pass.</summary>
    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public abstract void ReserveTraining();

    /// <summary>Bytes that passes need in all, parameters included: what one of them has, the others use again.</summary>
    public abstract long MemoryFor(params ReadOnlySpan<PassSize> passes);

    /// <summary>Bytes that are allocated now.</summary>
    public abstract long AllocatedBytes { get; }

    /// <summary>Makes room for a pass.</summary>
    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public abstract void Reserve(Pass pass, long batch, Lengths lengths);

    public abstract void Upload(int input, long batch, Lengths lengths, ReadOnlySpan<float> values);

    public abstract void Upload(int input, long batch, Lengths lengths, ReadOnlySpan<int> values);

    /// <summary>Runs a pass whose inputs were uploaded.</summary>
    /// <param name="accumulate">Gradients are added to those that are there.</param>
    /// <param name="seed">Seed of dropout.</param>
    /// <param name="draw">Number of the pass, for dropout.</param>
    public abstract void Execute(Pass pass, long batch, Lengths lengths, bool accumulate, ulong seed, ulong draw);

    /// <summary>A copy of an output of a pass that was just run; null where it has none of this name.</summary>
    public abstract float[]? Read(Pass pass, string output, long batch, Lengths lengths);

    /// <summary>Copies an output of a pass that was just run, which has it; waits for it, and allocates nothing.</summary>
    public abstract void Read(Pass pass, string output, long batch, Lengths lengths, Span<float> values);

    /// <summary>Empties the cache of keys and values and makes room for rows of so many tokens.</summary>
    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public abstract void BeginCache(int rows, int tokens);

    /// <summary>Gives row r of the cache what row <paramref name="parents"/>[r] has from a token on; what is before is the same in both.</summary>
    public abstract void RearrangeCache(ReadOnlySpan<int> parents, int since);

    /// <summary>The first value of an output that the pass has; nothing is allocated.</summary>
    public abstract float ReadFirst(Pass pass, string output, long batch, Lengths lengths);

    /// <summary>What a pass launches, in order; a run of layers repeats its launches.</summary>
    public abstract IReadOnlyList<LaunchInfo> Launches(Pass pass);

    /// <summary>Sees the outputs of every kernel while it is set: for finding faults and measuring time.</summary>
    public abstract IKernelWatch? Watch { get; set; }

    /// <summary>Steps whose results are kept until somebody reads them: so far may a caller be ahead of a device, 1 where nothing is gained by it.</summary>
    public abstract int KeptSteps { get; }

    /// <summary>Keeps the loss of a pass that was just run as a result of a step; nothing waits.</summary>
    /// <param name="pass"><see cref="Pass.Train"/> or <see cref="Pass.Compare"/>.</param>
    /// <param name="slot">Number of the result, below <see cref="KeptSteps"/>.</param>
    /// <param name="accumulate">The loss is added to the one that is there.</param>
    public abstract void KeepLoss(Pass pass, long batch, Lengths lengths, int slot, bool accumulate);

    /// <summary>
    /// One optimizer step; nothing waits. It changes nothing where the kept loss or the gradients' norm is no finite number, and neither do those
    /// behind it, until <see cref="GoOn"/>.
    /// </summary>
    /// <param name="step">1 for the first.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="limit">Global norm that the gradients are clipped to, as torch.nn.utils.clip_grad_norm_ does; infinity: they are not.</param>
    /// <param name="slot">Where the loss was kept; the norm is kept beside it.</param>
    public abstract void Optimize(long step, double rate, double limit, int slot);

    /// <summary>What was kept of a step; waits for it.</summary>
    public abstract (double Loss, double GradientNorm) ReadKept(int slot);

    /// <summary>Steps are made again behind one that was not.</summary>
    public abstract void GoOn();

    /// <summary>Exchanges the weights that train and their average.</summary>
    public abstract void SwapAverage();

    /// <summary>Starts the average at the weights.</summary>
    public abstract void ResetAverage();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>A pass and what it runs on.</summary>
public readonly record struct PassSize(Pass Pass, long Batch, Lengths Lengths)
{
    /// <summary>Whether it has gradients to write.</summary>
    public bool HasGradients => Pass is Pass.Train or Pass.Compare or Pass.Backward;

    /// <summary>Whether vectors of it go into queues.</summary>
    public bool HasKeys => Pass is Pass.Train or Pass.Compare;

    /// <summary>Whether keys and values outlive it, so that memory moves between two of it.</summary>
    public bool Generates => Pass is Pass.Prime or Pass.Decode;

    /// <summary>Whether it draws dropout.</summary>
    public bool HasDropout => Pass is Pass.Train or Pass.Embed or Pass.Backward;
}
