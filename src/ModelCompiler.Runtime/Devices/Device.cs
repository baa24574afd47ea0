using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Runtime;

/// <summary>Where a model runs.</summary>
public abstract class Device
{
    private protected Device()
    {
    }

    /// <summary>The best device of this machine: a GPU where the project uses ModelCompiler.Gpu and there is one, else the CPU.</summary>
    public static Device Default => Better?.Invoke() ?? Cpu;

    /// <summary>Finds a device that is better than the CPU; null: there is none.</summary>
    internal static Func<Device?>? Better { get; set; }

    /// <summary>All cores and the widest vectors of this processor.</summary>
    public static CpuDevice Cpu { get; } = new();
}

/// <summary>The vector units of the processor. Results do not depend on <paramref name="threads"/>; they do, in the last bits, on <paramref name="set"/>.</summary>
/// <param name="threads">Threads that work, the caller included; 0: one for each core.</param>
/// <param name="set">Width of vectors; null: the widest there is.</param>
/// <exception cref="PlatformNotSupportedException">The processor does not have <paramref name="set"/>.</exception>
public sealed class CpuDevice(int threads = 0, InstructionSet? set = null) : Device
{
    public int Threads { get; } = threads switch
    {
        < 0 => throw new ArgumentOutOfRangeException(nameof(threads), threads, "The number of threads is 1 or more, or 0 for one for each core."),
        0 => Environment.ProcessorCount,
        _ => threads,
    };

    public InstructionSet Set { get; } = Instructions.IsSupported(set ?? Instructions.Best) ? set ?? Instructions.Best
        : throw new PlatformNotSupportedException($"{set} is not supported by this processor; it has {Instructions.Best} at best.");

    public override string ToString() => $"CPU, {Threads} threads, {Set}";
}
