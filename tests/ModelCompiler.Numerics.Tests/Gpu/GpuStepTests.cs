using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck;
using ModelCompiler.GpuCheck.Numerics;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Training steps that are queued: the host waits when it reads, and what is wrong with one is known then.</summary>
[Trait("suite", "gpu")]
public sealed class GpuStepTests
{
    [Fact]
    public void Queued_steps_neither_wait_nor_allocate()
    {
        using var model = new DropoutGpt(GpuDevicesOfTests.Any(), 1);
        var engine = (GpuEngine)model.Core.Engine;
        var batches = Batches(model.Core, 3);
        Queue(model.Core, batches);
        Queue(model.Core, batches);
        Assert.True(model.Core.ReadSteps(out _));
        var allocated = long.MaxValue;
        for (var attempt = 0; attempt < 5 && allocated != 0; attempt++)
        {
            var (waits, sum) = (engine.Waits, 0L);
            foreach (var batch in batches)
            {
                batch.Set(model.Core);
                var before = GC.GetAllocatedBytesForCurrentThread();
                model.Core.QueueGradients(batch.Batch, batch.Length, accumulate: false);
                model.Core.QueueStep();
                sum += GC.GetAllocatedBytesForCurrentThread() - before;
            }

            allocated = Math.Min(allocated, sum);
            Assert.Equal(waits, engine.Waits);
            Assert.True(model.Core.ReadSteps(out _));
            Assert.Equal(waits + 3, engine.Waits);
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Steps_that_are_read_late_are_those_that_are_read_at_once()
    {
        var device = GpuDevicesOfTests.Any();
        using var late = new OddVit(device, 1);
        using var early = new OddVit(device, 1);
        MadeUpBatch[] batches = [.. Enumerable.Range(0, 5).Select(i => new MadeUpBatch(late.Core.Description, 5, 2, 1, i))];
        var expected = Array.ConvertAll(batches, batch =>
        {
            batch.Set(early.Core);
            early.Core.QueueGradients(2, 1, accumulate: false);
            early.Core.QueueStep();
            Assert.True(early.Core.ReadStep(out var report));
            return report;
        });
        Queue(late.Core, batches);
        Assert.Equal((5, 5L), (late.Core.Pending, late.Core.Steps));
        Assert.Equal(expected, batches.Select(_ =>
        {
            Assert.True(late.Core.ReadStep(out var report));
            return report;
        }));
        Assert.Equal(Weights(early.Core), Weights(late.Core));
    }

    [Fact]
    public void Losses_of_batches_of_one_step_are_added_up()
    {
        using var model = new OddVit(GpuDevicesOfTests.Any(), 1);
        var batches = Batches(model.Core, 2, batch: 2);
        var sum = 0.0;
        for (var i = 0; i < 2; i++)
        {
            batches[i].Set(model.Core);
            sum += model.Core.ComputeGradients(2, 1, accumulate: i > 0);
        }

        Assert.Equal(sum, model.Core.ReadLoss(), sum * 1e-7);
        model.Core.QueueStep();
        Assert.True(model.Core.ReadStep(out var report));
        Assert.Equal(sum, report.Loss, sum * 1e-7);
    }

    [Fact]
    public void Nothing_changes_behind_a_step_that_was_not_made_until_it_is_read()
    {
        var device = GpuDevicesOfTests.Any();
        using var model = new OddVit(device, 1);
        using var expected = new OddVit(device, 1);
        var batches = Batches(model.Core, 4, batch: 2);
        Queue(expected.Core, batches.AsSpan(0, 2));
        Assert.True(expected.Core.ReadSteps(out _));

        Queue(model.Core, batches.AsSpan(0, 2));
        batches[2].Set(model.Core);
        model.Core.SetInput("pictures", Enumerable.Repeat(float.NaN, (int)model.Core.Description.Inputs.Single(static i => i.Name == "pictures").Count(2, 1)).ToArray());
        model.Core.QueueGradients(2, 1, accumulate: false);
        model.Core.QueueStep();
        Queue(model.Core, batches.AsSpan(3));
        Assert.Equal(4, model.Core.Steps);
        Assert.True(model.Core.ReadStep(out _));
        Assert.True(model.Core.ReadStep(out _));
        Assert.False(model.Core.ReadStep(out var report));
        Assert.Equal((3L, true), (report.Step, double.IsNaN(report.Loss)));
        Assert.Equal((2L, 0), (model.Core.Steps, model.Core.Pending));
        Assert.Equal(Weights(expected.Core), Weights(model.Core));

        // It goes on as if that had not been.
        Queue(model.Core, batches.AsSpan(2));
        Queue(expected.Core, batches.AsSpan(2));
        Assert.True(model.Core.ReadSteps(out var last) && expected.Core.ReadSteps(out var other) && last == other);
        Assert.Equal(Weights(expected.Core), Weights(model.Core));
    }

    [Fact]
    public void More_steps_than_are_kept_are_refused()
    {
        using var model = new OddVit(Device.Simulator, 1);
        var batches = Batches(model.Core, 1, batch: 1);
        Queue(model.Core, batches);
        Assert.True(model.Core.ReadSteps(out _));
        Assert.Throws<InvalidOperationException>(() => model.Core.ReadStep(out _));
        for (var i = 0; i < model.Core.MostPending; i++)
        {
            model.Core.QueueStep();
        }

        Assert.Contains("64 steps", Assert.Throws<InvalidOperationException>(model.Core.QueueStep).Message);
        Assert.True(model.Core.ReadSteps(out var last));
        Assert.Equal(65, last.Step);
    }

    [Fact]
    public void A_run_waits_when_it_shows_or_saves_something_and_stops_at_the_step_that_was_not_made()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            using var model = new OddVit(GpuDevicesOfTests.Any(), 1);
            var engine = (GpuEngine)model.Core.Engine;
            var options = new FitOptions { Steps = 40, CheckpointEvery = 10, ReportEvery = 20, KeepLast = 9, Checkpoints = folder.FullName, Output = TextWriter.Null, HandleInterrupts = false };
            var waits = engine.Waits;
            model.Fit(Data(bad: -1), options with { Steps = 9, CheckpointEvery = 9 });
            Assert.InRange(engine.Waits - waits, 9, 9 + 200); // results, and the tensors of the checkpoint
            var failure = Assert.Throws<NotFiniteException>(() => model.Fit(Data(bad: 23), options));
            Assert.StartsWith("Step 24 of OddVit was not made: its loss is NaN", failure.Message);
            Assert.Contains("PatchifyKernel (embeddings): patches[", failure.Kernel);
            Assert.Equal(23, model.Core.Steps);
            Assert.Equal(23, File.ReadLines(Path.Combine(folder.FullName, "metrics.csv")).Count() - 1);
            Assert.Equal(["step-0000000009.safetensors", "step-0000000010.safetensors", "step-0000000020.safetensors"],
                folder.EnumerateFiles("step-*").Select(static f => f.Name).Order(StringComparer.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static IBatches<OddVit.Batch> Data(long bad) => Runtime.Training.Batches.Of<OddVit.Batch>((number, reuse) =>
        {
            var batch = reuse ?? new OddVit.Batch(new OddVit.Pictures(2));
            var random = new Random((int)number);
            for (var i = 0; i < batch.Inputs.Values.Length; i++)
            {
                batch.Inputs.Values[i] = number == bad && i > 300 ? float.NaN : random.NextSingle();
            }

            batch.Labels[0] = random.Next(5);
            return batch;
        });
    }

    private static MadeUpBatch[] Batches(ModelCore core, int count, int batch = 3) =>
        [.. Enumerable.Range(0, count).Select(i => new MadeUpBatch(core.Description, 5, batch, Math.Min(4, core.Description.MaxLength), i))];

    private static void Queue(ModelCore core, ReadOnlySpan<MadeUpBatch> batches)
    {
        foreach (var batch in batches)
        {
            batch.Set(core);
            core.QueueGradients(batch.Batch, batch.Length, accumulate: false);
            core.QueueStep();
        }
    }

    private static float[] Weights(ModelCore core) => [.. core.Parameters.Values.SelectMany(static p => p.ToArray())];
}
