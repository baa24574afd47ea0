using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Models of a device while other threads of the process work.</summary>
[Trait("suite", "gpu")]
public sealed class GpuThreadTests
{
    // A copy that does not pin reads and writes where the numbers were.
    [Fact]
    public void Numbers_arrive_while_the_collector_moves_memory()
    {
        var device = GpuDevicesOfTests.Any();
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
                    losses.Add(model.Core.Evaluate(data.Batch, data.Lengths));
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
