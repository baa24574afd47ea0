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

    // A copy that does not pin reads and writes where the numbers were.
    [Fact]
    public void Numbers_arrive_while_the_collector_moves_memory()
    {
        var device = GpuDevicesOfTests.OpenCl();
        var data = new InterpretedModel("bag");
        var expected = data.Evaluate();
        using var model = EngineModels.Create(EngineModels.Of("bag"), data, device);
        using var done = new CancellationTokenSource();
        var losses = new HashSet<double>();
        Guard.Run(() => Parallel.Invoke(Move, Evaluate));
        Assert.Single(losses);

        void Move()
        {
            for (var garbage = new byte[64][]; !done.IsCancellationRequested; Thread.Sleep(1))
            {
                for (var i = 0; i < 64; i++)
                {
                    garbage[i] = new byte[Random.Shared.Next(1_000)];
                }

                GC.Collect(0, GCCollectionMode.Forced, blocking: true, compacting: true);
            }
        }

        void Evaluate()
        {
            try
            {
                for (var pass = 0; pass < 1_000; pass++)
                {
                    // The model sees arrays that are young enough to move.
                    EngineModels.SetInputs(model, data);
                    losses.Add(model.Core.Evaluate(data.Batch, data.Length));
                    EngineModels.CompareOutputs(model, expected, "bag");
                }
            }
            finally
            {
                done.Cancel();
            }
        }
    }
}
