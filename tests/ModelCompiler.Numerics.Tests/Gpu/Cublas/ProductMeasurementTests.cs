using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;
using ModelCompiler.GpuCheck;
using ModelCompiler.GpuCheck.Numerics;
using ModelCompiler.GpuCheck.Products;
using ModelCompiler.GpuCheck.Speed;
using ModelCompiler.Runtime;

namespace ModelCompiler.Numerics.Tests;

/// <summary><c>gpucheck --products</c> with cuBLAS as this machine plays it.</summary>
[Trait("suite", "gpu")]
public sealed class ProductMeasurementTests : IDisposable
{
    private static readonly ProductShape[] s_shapes =
    [
        new(5, 7, 9, false, true, ProductElement.Float32, ProductElement.Float32, ProductElement.Float32, true),
        new(8, 16, 8, false, true, ProductElement.Tf32, ProductElement.Tf32, ProductElement.Float32, false),
        new(9, 8, 10, true, false, ProductElement.BFloat16, ProductElement.BFloat16, ProductElement.Float32, false),
        new(6, 8, 16, false, true, ProductElement.BFloat16, ProductElement.Rounded, ProductElement.BFloat16, true),
        new(6, 8, 16, false, false, ProductElement.Rounded, ProductElement.Rounded, ProductElement.Float32, false),
    ];

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Every_product_is_made_in_both_ways_and_the_table_is_one_that_the_device_takes()
    {
        using var output = new StringWriter();
        var (cublas, launches) = (new PlayedCublas(), new NotedLaunches(new PtxEmulator()));
        var device = GpuDevice.Absent(GpuKind.Cuda, launches, cublas);
        Assert.Equal(Checks.Passed, ProductMeasurement.Run(device, cublas.Name, s_shapes, 1e-9, _file, output));
        Assert.Equal(s_shapes, ProductTable.Read(_file).Products.Select(static p => p.Shape));
        Assert.Equal(cublas.Name, device.With(usesTf32: false, usesCublas: true, _file).Products!.Library);
        Assert.Contains($"of {s_shapes.Length} faster; the table is in {_file}", output.ToString(), StringComparison.Ordinal);
        Assert.Contains(launches.Threads.Keys, static k => k.DeclaringType!.Name.StartsWith("GemmByTensorCores", StringComparison.Ordinal));
        Assert.Contains(launches.Threads.Keys, static k => k.DeclaringType == typeof(ProductEnd));
        Assert.Equal(0, cublas.Handles);
    }

    [Fact]
    public void Ways_that_disagree_make_no_table()
    {
        using var output = new StringWriter();
        File.Delete(_file);
        var cublas = new PlayedCublas(computes: false);
        Assert.Equal(Checks.Failed, ProductMeasurement.Run(GpuDevice.Absent(GpuKind.Cuda, new PtxEmulator(), cublas), cublas.Name, s_shapes[..1], 1e-9, _file, output));
        Assert.StartsWith("FAILED  5 x 7 x 9, B transposed, Float32 x Float32 to Float32 with an epilogue: ", output.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(_file));
    }

    [Fact]
    public void A_device_without_cuBLAS_has_nothing_to_measure()
    {
        using var output = new StringWriter();
        var options = CheckOptions.Parse(["--products", _file]);
        var none = new CublasLoader(null, "none was found.");
        Assert.Equal(Checks.Unusable, ProductMeasurement.Run(Device.Simulator, none, options, output));
        Assert.Equal(Checks.Unusable, ProductMeasurement.Run(new GpuDevice(GpuKind.Cuda, 0, "a card", 1), none, options, output));
        Assert.Equal("There is nothing to measure on simulator: cuBLAS is for CUDA devices.\nThere is nothing to measure on CUDA 0: a card: none was found.\n", output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_products_are_those_that_models_make()
    {
        var device = GpuDevice.Absent(GpuKind.Cuda, new LaunchLog());
        var shapes = ProductShapes.Of(new StepSpeed("odd-vit", static d => new OddVit(d, 1), 5, 1, 8, 1, 1), device);
        Assert.Contains(new ProductShape(8 * 9, 44, 28, false, true, ProductElement.Float32, ProductElement.Float32, ProductElement.Float32, true), shapes);
        Assert.Contains(new ProductShape(1 * 9, 44, 28, false, true, ProductElement.Float32, ProductElement.Float32, ProductElement.Float32, true), shapes);
        Assert.Contains(new ProductShape(44, 28, 8 * 9, true, false, ProductElement.Float32, ProductElement.Float32, ProductElement.Float32, false), shapes);
        Assert.DoesNotContain(shapes, static s => s.A == ProductElement.Tf32);
    }
}
