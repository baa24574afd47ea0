using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck;
using ModelCompiler.GpuCheck.Numerics;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Inputs travel beside the pass before theirs: what waits for what is asked of the streams, which on the devices of tests would be in order by themselves.</summary>
[Trait("suite", "gpu")]
public sealed class InputOrderTests
{
    [Fact]
    public void Copies_wait_for_who_read_before_and_launches_for_copies()
    {
        var noted = new NotedEvents();
        using var model = new OddVit(noted.Device, 1);
        noted.Launches = ((GpuEngine)model.Core.Engine).Context.Stream;
        Pass(model);
        Pass(model);
        noted.Take();

        // Each arena of inputs has an event for what was copied and one for what was read, made in this order.
        for (var pass = 0; pass < 4; pass++)
        {
            var (copied, read) = pass % 2 == 0 ? (2, 3) : (0, 1);
            Pass(model);
            string[] expected =
            [
                $"the host waits for {copied}", // before it fills the memory that copies read
                $"copies wait for {read}", // then it is copied
                $"{copied} is behind copies",
                $"launches wait for {copied}",
                "launch",
                $"{read} is behind launches",
                "launch", // what keeps the loss
            ];
            Assert.Equal(expected, noted.Take());
        }
    }

    [Theory]
    [InlineData("Wait")]
    [InlineData("Delay")]
    [InlineData("Record")]
    public void A_device_that_is_lost_at_one_of_them_says_how_to_go_on(string call)
    {
        var noted = new NotedEvents();
        using var model = new OddVit(noted.Device, 1);
        Pass(model);
        noted.Failing = call;
        Assert.StartsWith("CUDA -1: no device failed, and what it held is lost: an illegal memory access", Assert.Throws<DeviceLostException>(() => Pass(model)).Message);
    }

    // What is called first behind a graph that failed.
    [Fact]
    public void A_device_that_is_lost_behind_the_launches_says_how_to_go_on()
    {
        var noted = new NotedEvents();
        using var context = new GpuContext(noted.Device);
        using var inputs = new InputRing(context);
        inputs.Reserve(4);
        inputs.Send(4);
        noted.Failing = "Record";
        Assert.Throws<DeviceLostException>(inputs.Release);
    }

    [Fact]
    public void A_device_that_makes_no_events_says_how_to_go_on() =>
        Assert.Throws<DeviceLostException>(() => new OddVit(new NotedEvents { Failing = "Create" }.Device, 1));

    private static void Pass(OddVit model)
    {
        new MadeUpBatch(model.Core.Description, 5, 2, 1, 1).Set(model.Core);
        model.Core.QueueGradients(2, 1, accumulate: false);
    }
}
