namespace ModelCompiler.Runtime;

/// <summary>Sees every kernel when it has run, on the thread that launches.</summary>
public interface IKernelWatch
{
    /// <param name="kernel">The emitted class, as <see cref="LaunchInfo.Kernel"/>.</param>
    /// <param name="outputs">What it wrote; valid during the call.</param>
    void Ran(string kernel, params ReadOnlySpan<KernelOutput> outputs);
}

/// <summary>A tensor that a kernel wrote.</summary>
/// <param name="name">Its name in the kernel.</param>
/// <param name="values">Its first value.</param>
/// <param name="count">Number of values.</param>
public readonly unsafe struct KernelOutput(string name, float* values, long count)
{
    private readonly float* _values = values;

    public string Name => name;

    public long Count => count;

    /// <summary>A copy of one value.</summary>
    public float this[long index] => (ulong)index < (ulong)count ? _values[index] : throw new ArgumentOutOfRangeException(nameof(index), index, $"'{name}' has {count} values.");
}
