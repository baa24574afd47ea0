using ModelCompiler.Gpu.Offline;
using Device = ModelCompiler.Runtime.Device;

namespace ModelCompiler.Gpu;

/// <summary>How a device is spoken to.</summary>
public enum GpuKind
{
    Cuda,
    OpenCl,

    /// <summary>ILGPU's execution of kernels as C#, for finding faults: slow.</summary>
    Simulator,
}

/// <summary>A device that ILGPU found. Models that run on it share what was compiled for it.</summary>
public sealed class GpuDevice : Device
{
    internal GpuDevice(GpuKind kind, int index, string name, long memoryBytes) => (Kind, Index, Name, MemoryBytes) = (kind, index, name, memoryBytes);

    public GpuKind Kind { get; }

    /// <summary>Number among the devices of its kind, from 0.</summary>
    public int Index { get; }

    /// <summary>What its driver calls it.</summary>
    public string Name { get; }

    public long MemoryBytes { get; }

    /// <summary>What its driver can: compute capability and versions, as text.</summary>
    public string Capability { get; init; } = "";

    /// <summary>False for OpenCL on the cores of a CPU.</summary>
    public bool IsGraphicsProcessor { get; init; } = true;

    /// <summary>What takes the launches instead of a driver; null: a driver does.</summary>
    internal ILaunches? Log { get; init; }

    /// <summary>A device that is not there: its models choose kernels as on one of that kind, and read what those that take its launches leave in the host's memory.</summary>
    internal static GpuDevice Absent(GpuKind kind, ILaunches log) => new(kind, -1, "no device", 0) { Log = log };

    public override string ToString() => Kind switch
    {
        GpuKind.Cuda => $"CUDA {Index}: {Name}",
        GpuKind.OpenCl => $"OpenCL {Index}: {Name}",
        _ => "simulator",
    };
}
