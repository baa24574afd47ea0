using ModelCompiler.Gpu;
using ModelCompiler.Runtime;

namespace ModelCompiler.GpuCheck.Speed;

/// <summary>Kernels that the device is given for a launch of the emitted program.</summary>
/// <param name="Count">More than one where a launch has several kernels.</param>
internal sealed record LaunchCount(LaunchInfo Launch, int Count);

/// <summary>What a training step puts on the device: the program's launches with their kernels, then those of the loss that is kept, of what differs from step to step, of clipping and of the optimizer.</summary>
/// <param name="Pass">In the program's order; those of a run of layers once.</param>
internal sealed record LaunchCounts(IReadOnlyList<LaunchCount> Pass, int Step)
{
    public long Total => Pass.Sum(static l => (long)l.Count * l.Launch.Times) + Step;

    /// <summary>Runs of layers by name, with the kernels of one layer.</summary>
    public IEnumerable<(string Name, int Count)> Blocks => Pass.Where(static l => l.Launch.Block.Length > 0)
        .GroupBy(static l => l.Launch.Block, static (name, launches) => (name, launches.Sum(static l => l.Count)));

    /// <summary>Kernels of the pass outside of runs.</summary>
    public int Outside => Pass.Where(static l => l.Launch.Block.Length == 0).Sum(static l => l.Count);

    /// <summary>Makes one training step.</summary>
    /// <param name="core">A model on a GPU.</param>
    public static LaunchCounts Of(ModelCore core, MadeUpBatch batch)
    {
        var engine = (GpuEngine)core.Engine;
        var watch = new Watch(engine);
        batch.Set(core);
        engine.Watch = watch;
        core.ComputeGradients(batch.Batch, batch.Length, accumulate: false);
        engine.Watch = null;
        core.Step();
        return new LaunchCounts(watch.First(core.Launches(Runtime.Pass.Train)), (int)(engine.DeviceLaunches - watch.Seen));
    }

    private sealed class Watch(GpuEngine engine) : IKernelWatch
    {
        private readonly List<(string Kernel, int Count)> _ran = [];

        /// <summary>Kernels of the device up to the last launch that was seen.</summary>
        public long Seen { get; private set; } = engine.DeviceLaunches;

        public void Ran(string kernel, params ReadOnlySpan<KernelOutput> outputs)
        {
            _ran.Add((kernel, (int)(engine.DeviceLaunches - Seen)));
            Seen = engine.DeviceLaunches;
        }

        /// <summary>Of each launch what its first layer did: launches of one run that follow each other repeat together.</summary>
        public LaunchCount[] First(IReadOnlyList<LaunchInfo> launches)
        {
            var counts = new List<LaunchCount>();
            for (var (i, at) = (0, 0); i < launches.Count;)
            {
                LaunchInfo[] run = [.. launches.Skip(i).TakeWhile(l => l.Block == launches[i].Block)];
                counts.AddRange(run.Select((l, j) => l.Kernel == _ran[at + j].Kernel ? new LaunchCount(l, _ran[at + j].Count)
                    : throw new InvalidOperationException($"{_ran[at + j].Kernel} ran where {l.Kernel} was announced.")));
                at += run.Length * run[0].Times;
                i += run.Length;
            }

            return [.. counts];
        }
    }
}
