using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck;
using ModelCompiler.GpuCheck.Numerics;
using ModelCompiler.Runtime;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Models whose products are all made by cuBLAS as this machine plays it, with all other kernels as emulated PTX.</summary>
[Trait("suite", "gpu")]
public sealed class CublasModelTests
{
    [Theory]
    [InlineData("vit")]
    [InlineData("gpt-dropout")]
    [InlineData("llama")]
    public void Agrees_with_the_interpreter(string name)
    {
        var (cublas, launches) = (new PlayedCublas(), new NotedLaunches(new PtxEmulator()));
        var expected = new InterpretedModel(name, 3, 5, seed: 5);
        EngineModels.CompareWith(expected, () => EngineModels.Create(EngineModels.Of(name), expected, AllByCublas.Device(launches, cublas)), name);
        AllWentThere(cublas, launches);
    }

    [Theory, InlineData("bert")]
    public void Agrees_with_the_interpreter_in_mixed_precision(string name)
    {
        var (cublas, launches) = (new PlayedCublas(), new NotedLaunches(new PtxEmulator()));
        MixedModelTests.Agrees(name, AllByCublas.Device(launches, cublas));
        AllWentThere(cublas, launches);
        Assert.Contains(cublas.Products, static p => p.A.Type == CublasType.BFloat16);
    }

    [Fact]
    public void Memory_is_what_was_promised()
    {
        using var model = new OddVit(AllByCublas.Device(new PtxEmulator(), new PlayedCublas()), 1);
        var promised = model.Core.MemoryFor(Pass.Train, 2, 1);
        var batch = new OddVit.Batch(new OddVit.Pictures(2));
        Assert.True(double.IsFinite(model.TrainStep(batch)));
        Assert.Equal(promised, model.Core.AllocatedBytes);
        Assert.True(promised > CublasProducts.WorkspaceBytes + (CublasProducts.MostSums * sizeof(float)));
    }

    // A graph holds the library's kernels as those of this project; nothing may be asked of it again when it is replayed.
    [Fact]
    public void Its_products_are_captured_with_the_passes_and_replayed()
    {
        Assert.Equal(Weights(isReplayed: false), Weights(isReplayed: true));

        static float[] Weights(bool isReplayed)
        {
            var cublas = new PlayedCublas();
            using var model = new OddVit(AllByCublas.Device(new PtxEmulator(), cublas), 1);
            var engine = (GpuEngine)model.Core.Engine;
            var driver = new RecordingGraphs { Context = engine.Context };
            engine.Graphs = new PassGraphs(isReplayed ? driver : null, Assert.Fail);
            for (var step = 0; step < 6; step++)
            {
                var batch = new MadeUpBatch(model.Core.Description, 5, 1, 1, step);
                batch.Set(model.Core);
                model.Core.QueueGradients(1, 1, accumulate: false);
                model.Core.QueueStep();
                Assert.True(model.Core.ReadStep(out _));
            }

            Assert.Equal(isReplayed ? (3, 4 + 5) : (0, 0), (driver.Captures, driver.Launches));
            return [.. model.Core.Parameters.Values.SelectMany(static p => p.ToArray())];
        }
    }

    private static void AllWentThere(PlayedCublas cublas, NotedLaunches launches)
    {
        Assert.NotEmpty(cublas.Products);
        Assert.Equal(0, cublas.Handles);
        Assert.DoesNotContain(launches.Threads.Keys, static k => k.DeclaringType!.Name.StartsWith("GemmBy", StringComparison.Ordinal));
    }
}
