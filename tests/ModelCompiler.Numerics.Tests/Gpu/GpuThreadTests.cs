using ILGPU.Runtime;
using ModelCompiler.Gpu;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Models of one device share its compiled kernels, also when threads of their own run them.</summary>
[Trait("suite", "gpu")]
public sealed class GpuThreadTests
{
    [Fact]
    public void Two_threads_launch_one_kernel_each_with_its_own_arguments()
    {
        const int Width = 64, Launches = 2_000;
        var device = GpuDevicesOfTests.OpenCl();
        var sums = new float[2];
        Guard.Run(() => Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = 2 }, Run));
        Assert.Equal([Launches, 2f * Launches], sums);

        void Run(int number)
        {
            using var context = new GpuContext(device);
            using var arena = new GpuArena(context, 2 * Width * sizeof(float));
            var (from, to, values) = (arena.View.SubView(0, Width), arena.View.SubView(Width, Width), new float[Width]);
            Array.Fill(values, number + 1);
            from.CopyFromCPU(context.Stream, values);
            for (var launch = 0; launch < Launches; launch++)
            {
                PartialSums.Reduce(context, 1, new PartialSum(from, Width, to, Accumulates: true));
            }

            to.CopyToCPU(context.Stream, values);
            context.Synchronize();
            sums[number] = values.Distinct().Single();
        }
    }
}
