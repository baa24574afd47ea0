using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck.Speed;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>The portable product of GPUs through OpenCL: on a machine without a GPU that runs on the cores of its CPU.</summary>
internal static class IlgpuGemmGoal
{
    private const int Size = 512;
    private const double Wanted = 8;

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        var name = $"ilgpu-gemm/{Size}";
        if (!context.Wants(name))
        {
            yield break;
        }

        if (GpuDevices.Found.Devices.FirstOrDefault(static d => d.Kind == GpuKind.OpenCl) is not { } device)
        {
            yield return Line.Absent(name, $">= {Wanted} GFLOP/s", string.Join(" ", GpuDevices.Found.Refusals));
            yield break;
        }

        using var gpu = new GpuContext(device);
        var (error, seconds) = ProductSpeed.Square(Size).Run(gpu);
        var gflops = 2.0 * Size * Size * Size / seconds / 1e9;
        var isRight = error < 1e-4;
        yield return new Line(name, $"{gflops:F1} GFLOP/s", $">= {Wanted} GFLOP/s", gflops >= Wanted && isRight ? Outcome.Met : Outcome.Short,
            $"{(isRight ? "" : "WRONG: ")}off by {error:0.0e0}; best of five rounds of {1e3 * seconds:F1} ms; {device}");
    }
}
