using ILGPU;
using ILGPU.Runtime;
using ModelCompiler.Gpu;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Similarities of pairs in strips of some rows: the same loss and gradients as all at once, from as little memory as said.</summary>
[Trait("suite", "gpu")]
public sealed class GpuPairStripTests
{
    private const int Pairs = 23, Width = 6, Queued = 10;

    public static TheoryData<string, string> Cases => new(
        from loss in new[] { "both ways", "numbers", "teacher and queue", "sigmoid" }
        from device in new[] { "simulator", "OpenCL", "PTX" }
        select (loss, device));

    [Theory, MemberData(nameof(Cases))]
    public void Strips_give_what_all_similarities_give(string loss, string device)
    {
        var (whole, strips) = (Run(loss, Open(device), int.MaxValue), Run(loss, Open(device), 4 * (Pairs + Queued)));
        Assert.True(strips.Launches > 2 * whole.Launches, $"{strips.Launches} launches are no more strips than {whole.Launches} are");
        for (var i = 0; i < whole.Results.Length; i++)
        {
            Assert.Null(Comparison.Of(whole.Results[i], strips.Results[i], 1e-5, i switch { 0 => "loss", 1 => "first gradient", _ => "second gradient" }));
        }
    }

    [Fact]
    public void Scratch_memory_is_that_of_a_strip()
    {
        Assert.Equal(4L * 32_768 * 256, PairBlocks.SharedScratchBytes(32_768, 0, 512, 0));
        Assert.InRange(PairBlocks.SharedScratchBytes(100_000, 0, 512, 0), 1, 4L * PairBlocks.StripFloats);
        Assert.InRange(PairBlocks.SharedScratchBytes(256, 65_536, 256, 256), 1, 8L * PairBlocks.StripFloats);
        Assert.Equal(4L * 20 * 20, PairBlocks.SharedScratchBytes(20, 0, 512, 0));
    }

    private static GpuDevice Open(string name) => name switch
    {
        "simulator" => Runtime.Device.Simulator,
        "OpenCL" => GpuDevicesOfTests.OpenCl(),
        _ => new(GpuKind.Cuda, -1, "no device", 0) { Log = new PtxEmulator(), HasWarps = true },
    };

    private static (double[][] Results, long Launches) Run(string loss, GpuDevice device, int stripFloats)
    {
        using var context = new GpuContext(device) { StripFloats = stripFloats };
        using var memory = new Memory(context);
        PairArguments a = default;
        (a.Pairs, a.Width, a.BothWays) = (Pairs, Width, loss is "both ways" or "numbers");
        (a.First, a.Second, a.Scale, a.Loss) = (memory.Drawn(Pairs * Width, 1), memory.Drawn(Pairs * Width, 2), memory.Of([0.25f]), memory.Of([0f]));
        (a.FirstLargest, a.FirstLogSum, a.FirstOwn) = (memory.Rows(), memory.Rows(), memory.Rows());
        if (a.BothWays)
        {
            (a.SecondLargest, a.SecondLogSum, a.SecondOwn) = (memory.Rows(), memory.Rows(), memory.Rows());
        }

        switch (loss)
        {
            case "numbers":
                (a.Ids, a.Matches) = (memory.Of([.. Enumerable.Range(0, Pairs).Select(static i => (float)(i % 7))]), memory.Rows());
                break;
            case "teacher and queue":
                (a.Queue, a.Queued, a.TeacherWidth, a.Softness) = (memory.Drawn(Queued * Width, 3), Queued, Width, 0.4f);
                (a.FirstTeacher, a.SecondTeacher) = (memory.Drawn(Pairs * Width, 4), memory.Drawn(Pairs * Width, 5));
                (a.FirstTeacherLargest, a.FirstTeacherLogSum, a.FirstTeacherMean) = (memory.Rows(), memory.Rows(), memory.Rows());
                break;
            case "sigmoid":
                (a.Bias, a.Losses, a.Slopes) = (memory.Of([-1f]), memory.Rows(), memory.Rows());
                break;
        }

        context.ReserveScratch(PairBlocks.SharedScratchBytes(a.Pairs, a.Queued, a.Width, a.TeacherWidth));
        Action<GpuContext, PairArguments> forward = loss == "sigmoid" ? static (c, p) => PairSigmoid.Forward(c, in p) : static (c, p) => Contrast.Forward(c, in p);
        Action<GpuContext, PairArguments> backward = loss == "sigmoid" ? static (c, p) => PairSigmoid.Backward(c, in p) : static (c, p) => Contrast.Backward(c, in p);
        var (first, second) = (memory.Drawn(Pairs * Width, 6), memory.Drawn(Pairs * Width, 7));
        forward(context, a);
        var value = Doubles(a.Loss);
        backward(context, a with { Gradient = first });
        backward(context, a.Turned with { Gradient = second, Adds = true, Queue = default, Queued = 0 });
        return ([value, Doubles(first), Doubles(second)], context.Launches);

        double[] Doubles(ArrayView<float> view)
        {
            var values = new float[view.Length];
            context.Download(view, values);
            return Array.ConvertAll(values, static v => (double)v);
        }
    }

    private sealed class Memory(GpuContext context) : IDisposable
    {
        private readonly List<MemoryBuffer1D<float, Stride1D.Dense>> _buffers = [];

        public ArrayView<float> Of(float[] values)
        {
            var buffer = context.Accelerator.Allocate1D(values);
            _buffers.Add(buffer);
            return buffer.View;
        }

        public ArrayView<float> Rows() => Of([.. Enumerable.Repeat(float.NaN, Pairs)]);

        public ArrayView<float> Drawn(int count, int seed)
        {
            var random = new Random(seed);
            return Of([.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)]);
        }

        public void Dispose() => _buffers.ForEach(static b => b.Dispose());
    }
}
