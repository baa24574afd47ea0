using ILGPU.Runtime.Cuda;
using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck;
using ModelCompiler.GpuCheck.Numerics;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Numerics.Tests;

/// <summary>When passes are captured and replayed, with a driver that keeps launches as ILGPU was given them.</summary>
[Trait("suite", "gpu")]
public sealed class PassGraphTests
{
    private static readonly GraphKey s_key = new(Pass.Train, 2, 3, false, 1, 0);

    // What changed from pass to pass, or from step to step, in the arguments of a launch would be as in the one that was captured.
    [Fact]
    public void Replayed_passes_and_steps_have_the_bits_of_those_that_are_launched()
    {
        var device = GpuDevicesOfTests.Any();
        using var plain = new DropoutGpt(device, 1);
        using var replayed = new DropoutGpt(device, 1);
        var engine = (GpuEngine)replayed.Core.Engine;
        var driver = new RecordingGraphs { Context = engine.Context };
        engine.Graphs = new PassGraphs(driver, Fail);
        MadeUpBatch[] batches = [.. Enumerable.Range(0, 9).Select(i => new MadeUpBatch(plain.Core.Description, 5, 2, 7, i))];
        Assert.Equal(Steps(plain.Core, batches), Steps(replayed.Core, batches));

        // A graph for each arena of inputs, and one of clipping and the optimizer: launched, captured, then replayed.
        Assert.Equal((3, 7 + 8), (driver.Captures, driver.Launches));
        Assert.Equal(plain.Core.Parameters.Values.SelectMany(static p => p.ToArray()), replayed.Core.Parameters.Values.SelectMany(static p => p.ToArray()));

        // Larger arenas are elsewhere.
        var large = new MadeUpBatch(plain.Core.Description, 5, 3, 9, 1);
        Assert.Equal(Steps(plain.Core, [large, batches[0], batches[1], batches[2]]), Steps(replayed.Core, [large, batches[0], batches[1], batches[2]]));
    }

    [Fact]
    public void A_pass_is_captured_when_it_is_seen_for_the_second_time()
    {
        var driver = new RecordingGraphs();
        using var graphs = new PassGraphs(driver, Fail);
        var launched = 0;
        int[] expected = [1, 2, 2, 2];
        foreach (var count in expected)
        {
            graphs.Run(in s_key, 1, 0, () => launched++);
            Assert.Equal(count, launched);
        }

        Assert.Equal((1, 3), (driver.Captures, driver.Launches));
        graphs.Run(s_key with { Accumulate = true }, 1, 0, () => launched++);
        graphs.Run(in s_key, 1, 0, () => launched++);
        Assert.Equal((3, 1, 0), (launched, driver.Captures, driver.Destroyed));

        // Addresses are others.
        graphs.Run(in s_key, 2, 0, () => launched++);
        Assert.Equal((4, 1), (launched, driver.Destroyed));
    }

    [Fact]
    public void Passes_of_many_sizes_do_not_pile_up()
    {
        var driver = new RecordingGraphs();
        using (var graphs = new PassGraphs(driver, Fail))
        {
            for (var i = 0; i < 10 * PassGraphs.Most; i++)
            {
                graphs.Run(s_key with { Lengths = i / 2 }, 1, 0, static () => { });
                Assert.InRange(driver.Captures - driver.Destroyed, 0, PassGraphs.Most);
            }
        }

        Assert.Equal((5 * PassGraphs.Most, 5 * PassGraphs.Most), (driver.Captures, driver.Destroyed));
    }

    [Theory]
    [InlineData("begin", 1, 0)]
    [InlineData("end", 2, 0)]
    [InlineData("instantiate", 2, 1)]
    [InlineData("launch", 2, 1)]
    public void Whatever_fails_the_pass_is_launched_and_it_is_said_once(string failing, int launchedTwice, int graphsMade)
    {
        var driver = new RecordingGraphs { Failing = failing };
        var said = new List<string>();
        using var graphs = new PassGraphs(driver, said.Add);
        var launched = 0;
        graphs.Run(in s_key, 1, 0, () => launched++);
        graphs.Run(in s_key, 1, 0, () => launched++);
        Assert.Equal(1 + launchedTwice, launched); // while it is captured, and after that has failed
        Assert.Contains("the driver returns 900", Assert.Single(said));
        graphs.Run(in s_key, 1, 0, () => launched++);
        Assert.Equal(2 + launchedTwice, launched);
        Assert.Equal((1, graphsMade), (said.Count, driver.GraphsDestroyed));
    }

    [Fact]
    public void A_launch_that_cannot_be_captured_is_made()
    {
        var driver = new RecordingGraphs();
        var said = new List<string>();
        using var graphs = new PassGraphs(driver, said.Add);
        var launched = 0;
        graphs.Run(in s_key, 1, 0, () => launched++);
        graphs.Run(in s_key, 1, 0, () => launched += driver.IsCapturing ? throw new CudaException("not while a stream is captured") : 1);
        Assert.Equal((2, false), (launched, driver.IsCapturing));
        Assert.Contains("not while", Assert.Single(said));
    }

    private static void Fail(string message) => Assert.Fail(message);

    private static StepReport[] Steps(ModelCore core, MadeUpBatch[] batches) => Array.ConvertAll(batches, batch =>
    {
        batch.Set(core);
        core.QueueGradients(batch.Batch, batch.Length, accumulate: false);
        core.QueueStep();
        Assert.True(core.ReadStep(out var report));
        return report;
    });
}
