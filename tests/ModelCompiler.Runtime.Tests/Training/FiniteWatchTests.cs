using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>A launch by its number: which kernel of which layer, forwards and backwards.</summary>
public sealed unsafe class FiniteWatchTests
{
    private static readonly LaunchInfo[] s_launches =
    [
        new("Start", "embeddings", "", 1),
        new("Up", "blocks.up", "blocks", 3, 2, 1), new("Down", "blocks.down", "blocks", 3, 2, 1),
        new("Loss", "", "", 1),
        new("DownGradient", "blocks.down", "blocks_backward", 3, 4, -1), new("UpGradient", "blocks.up", "blocks_backward", 3, 4, -1),
        new("StartGradient", "embeddings", "", 1),
    ];

    private static readonly string[] s_order =
    [
        "Start (embeddings)",
        "Up (blocks.up, layer 2)", "Down (blocks.down, layer 2)", "Up (blocks.up, layer 3)", "Down (blocks.down, layer 3)", "Up (blocks.up, layer 4)", "Down (blocks.down, layer 4)",
        "Loss",
        "DownGradient (blocks.down, layer 4)", "UpGradient (blocks.up, layer 4)", "DownGradient (blocks.down, layer 3)", "UpGradient (blocks.up, layer 3)",
        "DownGradient (blocks.down, layer 2)", "UpGradient (blocks.up, layer 2)",
        "StartGradient (embeddings)",
    ];

    public static TheoryData<int> Calls => new(Enumerable.Range(0, 2 * s_order.Length));

    [Theory, MemberData(nameof(Calls))]
    public void The_first_bad_output_is_named(int bad)
    {
        var watch = new FiniteWatch(s_launches);
        float* good = stackalloc float[] { 1, 2, 3 }, values = stackalloc float[] { 1, 2, float.NegativeInfinity };
        for (var call = 0; call < 2 * s_order.Length; call++) // two batches of one step
        {
            Assert.Null(watch.Found);
            var kernel = s_order[call % s_order.Length].Split(' ')[0];
            if (call == bad)
            {
                watch.Ran(kernel, new KernelOutput("good", good, 3), new KernelOutput("out", values, 3));
                break;
            }

            watch.Ran(kernel, new KernelOutput("good", good, 3));
        }

        watch.Ran("Later", new KernelOutput("later", values, 3));
        Assert.Equal($"{s_order[bad % s_order.Length]}: out[2] is -Infinity", watch.Found);
    }
}
