using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Devices that are not there, whose products of any size cuBLAS makes.</summary>
internal static class AllByCublas
{
    /// <summary>A table that says so.</summary>
    public static ProductTable Table { get; } = Preferring(1);

    public static GpuDevice Device(ILaunches launches, ICublas cublas, bool usesTf32 = false) => GpuDevice.Absent(GpuKind.Cuda, launches, cublas).With(usesTf32, usesCublas: true, Table);

    /// <summary>A product of each kind.</summary>
    /// <param name="cublas">Its microseconds with cuBLAS; 2 without.</param>
    public static ProductTable Preferring(double cublas) => new(ProductTable.Current, "no device", "cuBLAS",
    [
        .. from a in Enum.GetValues<ProductElement>()
           from b in Enum.GetValues<ProductElement>()
           from c in Enum.GetValues<ProductElement>()
           from bits in Enumerable.Range(0, 8)
           select new ProductTime(new ProductShape(64, 64, 64, (bits & 1) != 0, (bits & 2) != 0, a, b, c, (bits & 4) != 0), 2, cublas),
    ]);
}
