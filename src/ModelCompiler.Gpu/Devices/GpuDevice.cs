using ModelCompiler.Gpu.Offline;
using ModelCompiler.Gpu.Workarounds;
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
    internal GpuDevice(GpuKind kind, int index, string name, long memoryBytes) => (Kind, Index, Name, MemoryBytes, HasWarps) = (kind, index, name, memoryBytes, kind == GpuKind.Cuda);

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

    /// <summary>Whether products of floats round what they multiply to 10 bits of mantissa, which tensor cores do fast; off unless it is asked for.</summary>
    public bool UsesTf32 { get; init; }

    /// <summary>Whether cuBLAS makes large products, where it is found.</summary>
    public bool UsesCublas { get; init; } = true;

    /// <summary>Which products cuBLAS makes; null: those that are large.</summary>
    internal ProductTable? Products { get; init; }

    /// <summary>Instead of the cuBLAS of this machine; null: that one, on CUDA devices.</summary>
    internal ICublas? Cublas { get; init; }

    /// <summary>Whether groups are made of warps of 32 threads that tell each other values without memory: all of CUDA's are.</summary>
    internal bool HasWarps { get; init; }

    /// <summary>From compute capability 8.0 on.</summary>
    internal bool HasTensorCores { get; init; }

    /// <summary>Bytes of shared memory that a group can have where it asks for it.</summary>
    internal int MostShared { get; init; } = LargeSharedMemory.Always;

    /// <summary>What takes the launches instead of a driver; null: a driver does.</summary>
    internal ILaunches? Log { get; init; }

    /// <summary>Makes the points that streams wait for; null: the driver does.</summary>
    internal Func<StreamEvent>? Events { get; init; }

    /// <summary>A device that is not there: its models choose kernels as on one of that kind, and read what those that take its launches leave in the host's memory.</summary>
    internal static GpuDevice Absent(GpuKind kind, ILaunches log, ICublas? cublas = null) =>
        new(kind, -1, "no device", 0) { Log = log, HasTensorCores = kind == GpuKind.Cuda, MostShared = 227 << 10, Cublas = cublas };

    /// <summary>The same device with products of floats in TF32.</summary>
    internal GpuDevice WithTf32() => With(usesTf32: true, UsesCublas, Products);

    /// <summary>The same device with products made as a file says.</summary>
    /// <param name="products">See <see cref="ProductTable.Read"/>; null: as the rule for unmeasured products says.</param>
    /// <exception cref="ArgumentException">The file was measured on another kind of device.</exception>
    internal GpuDevice With(bool usesTf32, bool usesCublas, string? products)
    {
        var table = products is null ? null : ProductTable.Read(products);
        return table is null || table.Device == Name
            ? With(usesTf32, usesCublas, table)
            : throw new ArgumentException($"{products} was measured on {table.Device}, and this is {Name}: gpucheck --products measures here.", nameof(products));
    }

    /// <summary>The same device with products made otherwise.</summary>
    internal GpuDevice With(bool usesTf32, bool usesCublas, ProductTable? products) => new(Kind, Index, Name, MemoryBytes)
    {
        Capability = Capability,
        IsGraphicsProcessor = IsGraphicsProcessor,
        HasWarps = HasWarps,
        HasTensorCores = HasTensorCores,
        MostShared = MostShared,
        UsesTf32 = usesTf32,
        UsesCublas = usesCublas,
        Products = products,
        Cublas = Cublas,
        Log = Log,
        Events = Events,
    };

    public override string ToString() => Kind switch
    {
        GpuKind.Cuda => $"CUDA {Index}: {Name}",
        GpuKind.OpenCl => $"OpenCL {Index}: {Name}",
        _ => "simulator",
    };
}
