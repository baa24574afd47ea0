using ModelCompiler.Benchmarks.Generation;
using ModelCompiler.Gpu;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>How long the kernels of GPT-2 124M's training step take to compile in a process that is new: ILGPU's part, which we answer for.</summary>
internal static class IlgpuCompileGoal
{
    private const double MostSeconds = 5;
    private const long Bytes = 3L << 30; // weights, gradients and the optimizer's state

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        if (!context.Wants("ilgpu-compile"))
        {
            yield break;
        }

        if (GpuDevices.Found.Devices is not [{ MemoryBytes: > Bytes } device, ..])
        {
            yield return Line.Absent("ilgpu-compile", $"< {MostSeconds} s", $"no device with {Bytes >> 30} GiB: {string.Join(" ", GpuDevices.Found.Refusals)}");
            yield break;
        }

        var cold = ColdKernels.Measure();
        yield return new Line("ilgpu-compile", $"{cold.Translation:F1} s", $"< {MostSeconds} s", cold.Translation < MostSeconds ? Outcome.Met : Outcome.Short,
            $"ILGPU for {cold.Kernels} kernels of GPT-2 124M, its own JIT included, in the fastest of three processes; the driver's part {cold.Build:F1} s; {device}");
    }
}
