using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;
using ModelCompiler.GpuCheck;
using ModelCompiler.GpuCheck.Numerics;
using ModelCompiler.GpuCheck.Speed;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>How many kernels a training step gives the device: of one layer forward and backward, and of all else.</summary>
internal static class IlgpuLaunchesGoal
{
    private const string Limits = "<= 9 and 18";

    public static IEnumerable<Line> Measure(GoalContext context) => [.. OfDevice(context), .. OfCuda(context)];

    private static IEnumerable<Line> OfDevice(GoalContext context)
    {
        if (GpuDevices.Found.Devices is not [var device, ..])
        {
            yield return Line.Absent("ilgpu-launches", Limits, string.Join(" ", GpuDevices.Found.Refusals));
            yield break;
        }

        (string Name, Func<Device, IModel> Create, int Kinds, int Length)[] cases =
        [
            ("gpt", static d => new CharacterGpt(d, 1), 65, 64),
            ("vit", static d => new ShapesVit(d, 1), 6, 1),
            ("gpt-dropout", static d => new DropoutGpt(d, 1), 65, 16),
        ];
        foreach (var (name, create, kinds, length) in cases)
        {
            if (context.Wants("ilgpu-launches/" + name))
            {
                using var model = create(device);
                yield return One("ilgpu-launches/" + name, model, kinds, length);
            }
        }
    }

    // What a card would be given, which is known without one: nothing is computed. cuBLAS knows no formulas, and rounds no factors: each is a kernel beside its product.
    private static IEnumerable<Line> OfCuda(GoalContext context)
    {
        foreach (var isMixed in new[] { false, true })
        {
            foreach (var withCublas in new[] { false, true })
            {
                var name = $"ilgpu-launches/cuda-{(isMixed ? "bf16" : "float32")}{(withCublas ? "-cublas" : "")}";
                if (context.Wants(name))
                {
                    var device = GpuDevice.Absent(GpuKind.Cuda, new LaunchLog(), withCublas ? new UnmadeProducts() : null);
                    using IModel model = isMixed ? new WideMixedGpt(device, 1) : new WideGpt(device, 1);
                    yield return One(name, model, 65, 1_024);
                }
            }
        }
    }

    private static Line One(string name, IModel model, int kinds, int length)
    {
        var counts = LaunchCounts.Of(model.Core, new MadeUpBatch(model.Core.Description, kinds, 2, length, 1));
        var (forward, backward) = (counts.Blocks.Single(static b => b.Name == "blocks").Count, counts.Blocks.Single(static b => b.Name == "blocks_backward").Count);
        var outside = counts.Pass.Where(static l => l.Launch.Block.Length == 0).Select(static l => l.Count == 1 ? l.Launch.Kernel : $"{l.Launch.Kernel} {l.Count}");
        return new Line(name, $"{forward} and {backward}", Limits, forward <= 9 && backward <= 18 ? Outcome.Met : Outcome.Short,
            $"kernels of a layer, forward and backward; clipping and optimizer {counts.Step}; outside of layers {counts.Outside}: {string.Join(", ", outside)}; {counts.Total} in all");
    }
}
