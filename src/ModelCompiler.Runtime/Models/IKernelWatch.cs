using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Runtime;

/// <summary>Sees every kernel when it has run, on the thread that launches.</summary>
public interface IKernelWatch
{
    /// <param name="kernel">The emitted class, as <see cref="LaunchInfo.Kernel"/>.</param>
    /// <param name="outputs">What it wrote; valid during the call.</param>
    void Ran(string kernel, params ReadOnlySpan<KernelOutput> outputs);
}

/// <summary>A tensor that a kernel wrote.</summary>
public readonly unsafe struct KernelOutput
{
    private readonly float* _values;
    private readonly BFloat16* _narrow;
    private readonly float[]? _copy;

    /// <param name="name">Its name in the kernel.</param>
    /// <param name="values">Its first value.</param>
    /// <param name="count">Number of values.</param>
    public KernelOutput(string name, float* values, long count)
    {
        (Name, Count) = (name, count);
        _values = values;
    }

    /// <param name="name">Its name in the kernel.</param>
    /// <param name="values">Its first value.</param>
    /// <param name="count">Number of values.</param>
    public KernelOutput(string name, BFloat16* values, long count)
    {
        (Name, Count) = (name, count);
        _narrow = values;
    }

    /// <param name="name">Its name in the kernel.</param>
    /// <param name="copy">Its values, where they are elsewhere.</param>
    public KernelOutput(string name, float[] copy) => (Name, _copy, Count) = (name, copy, copy.Length);

    public string Name { get; }

    public long Count { get; }

    /// <summary>A copy of one value.</summary>
    public float this[long index] => (ulong)index >= (ulong)Count ? throw new ArgumentOutOfRangeException(nameof(index), index, $"'{Name}' has {Count} values.")
        : _copy is not null ? _copy[index] : _narrow is null ? _values[index] : (float)_narrow[index];
}
