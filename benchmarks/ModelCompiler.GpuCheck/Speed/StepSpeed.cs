using System.Diagnostics;
using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck.Reporting;
using ModelCompiler.Models.Presets;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;

namespace ModelCompiler.GpuCheck.Speed;

/// <summary>Training steps of a model: forward, backward, clipping, AdamW.</summary>
/// <param name="Kinds">Tokens of the vocabulary, or classes.</param>
/// <param name="Length">Tokens of a row; 1 for pictures.</param>
/// <param name="Largest">Samples of a batch where the device has room for them; else a power of two fewer.</param>
/// <param name="Items">What a sample has of what is counted: tokens, or one picture.</param>
/// <param name="Operations">Of one sample: see <see cref="Speed.Operations"/>.</param>
/// <param name="Precision">Of its products.</param>
internal sealed record StepSpeed(
    string Name, Func<Device, IModel> Create, int Kinds, int Length, int Largest, int Items, double Operations, StepPrecision Precision = StepPrecision.Float32)
{
    private const double Seconds = 2;
    private const int Fewest = 3;

    /// <summary>In float32, and on tensor cores also in TF32 and in mixed precision.</summary>
    public static IEnumerable<StepSpeed> Cases(Scale scale, GpuDevice device) => scale switch
    {
        Scale.Full => InPrecisions(Gpt2(1024, 32), static d => new MixedGpt2(d, 1), device).Concat(InPrecisions(VitBase(64), static d => new MixedVitBase(d, 1), device)),
        Scale.Cores => [Gpt2(64, 1), VitBase(1)],
        _ =>
        [
            new("character-gpt", static d => new CharacterGpt(d, 1), 65, 64, 2, 64, Speed.Operations.OfBlocks(4, 128, 64, 1) + Speed.Operations.Of(128, 65, 64)),
            new("shapes-vit", static d => new ShapesVit(d, 1), 6, 1, 2, 1, Speed.Operations.OfBlocks(4, 64, 17, 1) + Speed.Operations.Of(192, 64, 16)),
        ],
    };

    private static IEnumerable<StepSpeed> InPrecisions(StepSpeed step, Func<Device, IModel> mixed, GpuDevice device) => device.HasTensorCores
        ? [step, step with { Name = StepPrecision.Tf32.Of(step.Name), Precision = StepPrecision.Tf32 }, step with { Name = StepPrecision.BFloat16.Of(step.Name), Create = mixed, Precision = StepPrecision.BFloat16 }]
        : [step];

    private static StepSpeed Gpt2(int length, int largest) => new(
        $"gpt2-124m x {length}", static d => new Gpt2(d, 1), 50257, length, largest, length,
        Speed.Operations.OfBlocks(12, 768, length, 1) + Speed.Operations.Of(768, 50257, length));

    private static StepSpeed VitBase(int largest) => new(
        "vit-b/16", static d => new VitBase(d, 1), 1000, 1, largest, 1,
        Speed.Operations.OfBlocks(12, 768, 197, 1) + Speed.Operations.Of(768, 768, 196) + Speed.Operations.Of(768, 1000, 1));

    /// <summary>The device as this step uses it.</summary>
    public GpuDevice On(GpuDevice device, bool usesCublas) => device.With(Precision == StepPrecision.Tf32, usesCublas, device.Products);

    /// <param name="peak">Of the units that make the products.</param>
    public Result Measure(GpuDevice device, IPeak peak)
    {
        using var model = Create(device);
        var core = model.Core;
        var engine = (GpuEngine)core.Engine;
        var batch = Batch(core, device);
        var compiled = engine.Compilations.Count;
        var first = Once();
        var kernels = engine.Compilations.Skip(compiled).ToArray();
        var translation = kernels.Sum(static k => k.Translation.TotalSeconds);
        var before = engine.DeviceLaunches;
        var seconds = new List<double> { Once().Seconds };
        var launches = engine.DeviceLaunches - before;
        var (start, loss) = (Stopwatch.GetTimestamp(), 0.0);
        while (seconds.Count < Fewest || Stopwatch.GetElapsedTime(start).TotalSeconds < Seconds)
        {
            (var step, loss) = Once();
            seconds.Add(step);
        }

        var best = seconds.Min();
        var rate = batch.Batch * Operations / best;
        var share = rate / peak.Again();
        return new Result(
            double.IsFinite(loss),
            FormattableString.Invariant($"{batch.Batch} samples: {1e3 * best:F1} ms, {batch.Batch * Items / best:F1} {(Items > 1 ? "tokens" : "pictures")}/s, {rate / 1e9:F1} GFLOP/s, {100 * share:F1}% of the peak; ")
                + FormattableString.Invariant($"{core.AllocatedBytes / (double)(1 << 20):F0} MiB; {launches} launches{(engine.Graphs.Captured > 0 ? $" in {engine.Graphs.Captured} graphs" : "")}; first step {first.Seconds:F1} s, of it ILGPU {translation:F1} s for {kernels.Length} kernels"),
            ("batch", batch.Batch), ("length", Length), ("seconds", best), ("items_per_second", batch.Batch * Items / best), ("gflops", rate / 1e9), ("share_of_peak", share),
            ("allocated_bytes", core.AllocatedBytes), ("launches", launches), ("graphs", engine.Graphs.Captured), ("first_step_seconds", first.Seconds), ("translation_seconds", translation),
            ("build_seconds", kernels.Sum(static k => k.Build.TotalSeconds)), ("kernels", kernels.Length), ("loss", loss));

        (double Seconds, double Loss) Once()
        {
            engine.Synchronize();
            var begin = Stopwatch.GetTimestamp();
            batch.Set(core);
            core.QueueGradients(batch.Batch, batch.Length, accumulate: false);
            core.QueueStep();
            core.ReadStep(out var report);
            return (Stopwatch.GetElapsedTime(begin).TotalSeconds, report.Loss);
        }
    }

    /// <summary>Made up, of as many samples as the device has room for.</summary>
    public MadeUpBatch Batch(ModelCore core, GpuDevice device) => new(core.Description, Kinds, Fitting(core, device), Length, 1);

    /// <summary>Samples for which the device has room. An eighth of its memory is left to the driver and to whoever else is there.</summary>
    public int Fitting(ModelCore core, GpuDevice device)
    {
        var batch = Largest;
        while (batch > 1 && device.MemoryBytes > 0 && core.MemoryFor(Pass.Train, batch, Length) > device.MemoryBytes / 8 * 7)
        {
            batch /= 2;
        }

        return batch;
    }
}
