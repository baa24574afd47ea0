using ModelCompiler.Runtime.Training;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>A run that was stopped goes on as if it had not been: by a new model, on any number of threads.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_that_fails_again_and_again_ends_with_the_same_bits()
    {
        foreach (var (step, threads) in new[] { (1, 1), (3, 2), (7, 3), (20, 1), (23, 3), (24, 2), (41, 1), (59, 3) })
        {
            Fits.Cut(Fits.Options(_folder.Path), step, threads);
        }

        Same(Fits.Whole, Fits.Run(Fits.Options(_folder.Path), threads: 1));
    }

    [Fact]
    public void A_run_in_parts_ends_with_the_same_bits()
    {
        foreach (var steps in new[] { 1, 2, 19, 20, 37 })
        {
            var (_, result) = Fits.Run(Fits.Options(_folder.Path, steps), threads: 1 + (steps % 3));
            Assert.Equal((steps, false, Fits.Checkpoint(_folder, steps)), (result.Steps, result.WasInterrupted, result.Checkpoint));
        }

        Assert.Equal(Fits.Whole.Digest, Fits.Run(Fits.Options(_folder.Path)).Digest);
    }

    [Fact]
    public void Without_a_folder_the_bits_are_the_same() => Assert.Equal(Fits.Whole.Digest, Fits.Run(Fits.Options(null), threads: 3).Digest);

    [Fact]
    public void The_checkpoints_seed_is_the_runs()
    {
        Fits.Run(Fits.Options(_folder.Path, 30));
        using var model = new Trainee.Trainee(new CpuDevice(2), seed: 77);
        model.Fit(Trainee.Trainee.Data(1), Fits.Options(_folder.Path), Trainee.Trainee.Data(2));
        Assert.Equal(5u, model.Core.Seed);
        Assert.Equal(Fits.Whole.Digest, model.Digest());
    }

    [Fact]
    public void An_older_checkpoint_is_gone_on_from_when_asked_for()
    {
        Fits.Run(Fits.Options(_folder.Path, 40) with { KeepLast = 100 });
        var options = Fits.Options(_folder.Path) with { ResumeFrom = Fits.Checkpoint(_folder, 15), KeepLast = 100 };
        Fits.Cut(options, 19);
        Assert.Equal(8, Fits.Checkpoints(_folder).Count()); // nothing was saved, so nothing was deleted
        Fits.Cut(options, 24);
        Assert.Equal([5, 10, 15, 20], Fits.Checkpoints(_folder).Select(static n => int.Parse(n.AsSpan(5, 10))));
        Same(Fits.Whole, Fits.Run(options with { ResumeFrom = null }));
    }

    [Fact]
    public void A_run_that_is_done_is_left_as_it_is()
    {
        var (digest, first) = Fits.Run(Fits.Options(_folder.Path, 20));
        var before = State();
        using var text = new StringWriter();
        var (again, second) = Fits.Run(Fits.Options(_folder.Path, 15) with { Output = text });
        Assert.Equal(before, State());
        Assert.Equal((digest, 20L, double.NaN, first.Checkpoint), (again, second.Steps, second.Loss, second.Checkpoint));
        Assert.Equal("nothing to do: step 20 of 15 was reached before", text.ToString().TrimEnd());

        (string, DateTime)[] State() => [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Order().Select(static p => (p, File.GetLastWriteTimeUtc(p)))];
    }

    [Fact]
    public void A_model_that_had_steps_before_trains_from_there()
    {
        using var model = Trainee.Trainee.Create();
        var data = Trainee.Trainee.Data(1);
        model.TrainStep(data.Get(0, null), data.Get(1, null));
        var result = model.Fit(data, Fits.Options(_folder.Path, 3));
        Assert.Equal((3L, 3L), (result.Steps, model.Core.Steps));

        using var text = new StringWriter();
        Assert.Equal(3, model.Fit(data, new() { Steps = 2, Output = text }).Steps);
        Assert.Equal("nothing to do: step 3 of 2 was reached before", text.ToString().TrimEnd());
    }

    [Fact]
    public void Steps_may_be_as_many_as_there_are_numbers() => Guard.Run(() => Fits.Cut(Fits.Options(_folder.Path, long.MaxValue), 12));

    private static void Same((string Digest, FitResult Result) expected, (string Digest, FitResult Result) run)
    {
        Assert.Equal(expected.Digest, run.Digest);
        Assert.Equal(expected.Result with { Checkpoint = null }, run.Result with { Checkpoint = null });
    }
}
