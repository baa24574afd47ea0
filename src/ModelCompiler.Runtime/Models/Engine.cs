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

    /// <summary>Bytes that a pass needs in all, parameters included.</summary>
    public abstract long MemoryFor(Pass pass, long batch, long length);

    /// <summary>Bytes that are allocated now.</summary>
    public abstract long AllocatedBytes { get; }

    /// <summary>Makes room for a pass.</summary>
    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public abstract void Reserve(Pass pass, long batch, long length);

    public abstract void Upload(int input, long batch, long length, ReadOnlySpan<float> values);

    public abstract void Upload(int input, long batch, long length, ReadOnlySpan<int> values);

    /// <summary>Runs a pass whose inputs were uploaded.</summary>
    /// <param name="accumulate">Gradients are added to those that are there.</param>
    /// <param name="seed">Seed of dropout.</param>
    /// <param name="draw">Number of the pass, for dropout.</param>
    public abstract void Execute(Pass pass, long batch, long length, bool accumulate, ulong seed, ulong draw);

    /// <summary>A copy of an output of a pass that was just run; null where it has none of this name.</summary>
    public abstract float[]? Read(Pass pass, string output, long batch, long length);

    /// <summary>The first value of an output that the pass has; nothing is allocated.</summary>
    public abstract float ReadFirst(Pass pass, string output, long batch, long length);

    /// <summary>What a pass launches, in order; a run of layers repeats its launches.</summary>
    public abstract IReadOnlyList<LaunchInfo> Launches(Pass pass);

    /// <summary>Sees the outputs of every kernel while it is set: for finding faults and measuring time.</summary>
    public abstract IKernelWatch? Watch { get; set; }

    /// <summary>The global norm of the gradients.</summary>
    public abstract double GradientNorm();

    /// <summary>One optimizer step.</summary>
    /// <param name="step">1 for the first.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="scale">Factor of the gradients.</param>
    public abstract void Optimize(long step, double rate, double scale);

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
