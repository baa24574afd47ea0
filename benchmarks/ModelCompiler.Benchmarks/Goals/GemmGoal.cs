using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Benchmarks.Products;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>The four matrices of a transformer block, each forward and in both gradients; a line's value is its slowest product.</summary>
internal static class GemmGoal
{
    private const double SecondsPerLine = 4;
    private const int Wanted = 9;

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        using var cpu = new CpuContext(context.Threads, context.Device.Set);
        foreach (var width in new[] { 384, 768 })
        {
            foreach (var tokens in new[] { 1024, 4096 })
            {
                foreach (var kind in Enum.GetValues<ProductKind>())
                {
                    var name = $"gemm/{width}/{tokens}/{Name(kind)}";
                    if (context.Wants(name))
                    {
                        yield return One(context, cpu, name, width, tokens, kind);
                    }
                }
            }
        }
    }

    private static Line One(GoalContext context, CpuContext cpu, string name, int width, int tokens, ProductKind kind)
    {
        (int Inputs, int Outputs)[] matrices = [(width, 3 * width), (width, width), (width, 4 * width), (4 * width, width)];
        var products = Array.ConvertAll(matrices, m => new ProductCase(cpu, kind, tokens, m.Inputs, m.Outputs));
        try
        {
            var samples = Measuring.Measure.InTurn(context.Peak, SecondsPerLine, Wanted,
                Array.ConvertAll<ProductCase, Func<Sample>>(products, static p => () => Sample.Of(p.Run)));
            var results = products.Zip(samples, static (p, s) => (Product: p, Samples: s, Share: s.Share(p.Operations))).ToArray();
            return Line.Share(name, results.Min(static r => r.Share), kind == ProductKind.WeightGradient ? 0.75 : 0.80,
                string.Join(", ", results.Select(static r => $"{r.Product.Inputs}x{r.Product.Outputs} {r.Samples.Gflops(r.Product.Operations):F0} GFLOP/s ({Line.Percent(r.Share)})"))
                + $"; least by processor time {Line.Percent(results.Min(static r => r.Samples.ProcessorShare(r.Product.Operations)))}; {context.Threads} threads, {samples.MinBy(static s => s.Calm)}");
        }
        finally
        {
            foreach (var product in products)
            {
                product.Dispose();
            }
        }
    }

    private static string Name(ProductKind kind) => kind switch
    {
        ProductKind.Forward => "forward",
        ProductKind.InputGradient => "dx",
        _ => "dw",
    };
}
