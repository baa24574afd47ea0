using BenchmarkDotNet.Attributes;
using ModelCompiler.Benchmarks.Products;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Benchmarks.Micro;

/// <summary>The up-projection of a block, forward and in both gradients, on one thread and on all.</summary>
public class ProductBenchmarks
{
    private CpuContext _context = null!;
    private ProductCase _product = null!;

    [Params("Forward", "InputGradient", "WeightGradient")]
    public string Kind { get; set; } = "";

    [Params(384, 768)]
    public int Width { get; set; }

    [Params(1, 0)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _context = new CpuContext(Threads == 0 ? Environment.ProcessorCount : Threads, Instructions.Best);
        _product = new ProductCase(_context, Enum.Parse<ProductKind>(Kind), 1024, Width, 4 * Width);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _product.Dispose();
        _context.Dispose();
    }

    [Benchmark]
    public void Product() => _product.Run();
}
