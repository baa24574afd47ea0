using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>Evaluations see the average, keep the best weights and change nothing of the training.</summary>
public sealed class EvaluationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_best_weights_are_the_average_of_the_best_evaluation()
    {
        var averages = new Dictionary<long, Dictionary<string, float[]>>();
        using var model = Trainee.Trainee.Create();
        var options = Fits.Options(_folder.Path) with { Stepped = r => averages[r.Step] = model.ParametersByName.Keys.ToDictionary(static n => n, model.Core.AverageOf) };
        var result = model.Fit(Trainee.Trainee.Data(1), options, Trainee.Trainee.Data(2));
        using var best = Trainee.Trainee.Create();
        best.LoadPretrained(_folder["best"]);
        Assert.Equal(averages[result.BestStep], best.ParametersByName.ToDictionary(static p => p.Key, static p => p.Value.ToArray()));
        var data = Trainee.Trainee.Data(2);
        Assert.Equal(result.BestHeldOutLoss, (best.Evaluate(data.Get(0, null)).Loss + best.Evaluate(data.Get(1, null)).Loss) / 2);
    }

    [Fact]
    public void The_best_loss_outlives_the_process()
    {
        var (_, first) = Fits.Run(Fits.Options(_folder.Path, 50));
        File.Delete(Path.Combine(_folder["best"], "model.safetensors"));
        using var model = Trainee.Trainee.Create();
        var second = model.Fit(Trainee.Trainee.Data(1), Fits.Options(_folder.Path), Held(static (_, batch) => batch.Inputs.Values.AsSpan().Fill(5)));
        Assert.True(second.HeldOutLoss > second.BestHeldOutLoss);
        Assert.Equal((first.BestHeldOutLoss, first.BestStep), (second.BestHeldOutLoss, second.BestStep));
        Assert.False(File.Exists(Path.Combine(_folder["best"], "model.safetensors"))); // nothing was better
    }

    [Fact]
    public void A_loss_that_is_no_number_is_never_the_best()
    {
        var calls = 0;
        using var model = Trainee.Trainee.Create();
        var result = model.Fit(Trainee.Trainee.Data(1), Fits.Options(_folder.Path, 50), Held((_, batch) => batch.Inputs.Values[3] = calls++ / 2 is 0 or 2 or 4 ? float.NaN : batch.Inputs.Values[3]));
        Assert.True(double.IsNaN(result.HeldOutLoss));
        Assert.Equal(40, result.BestStep);
        Assert.True(double.IsFinite(result.BestHeldOutLoss));
        var lines = File.ReadAllLines(_folder["metrics.csv"]);
        Assert.EndsWith(",NaN", lines[50]);
        Assert.EndsWith(",", lines[49]);
    }

    [Fact]
    public void Without_held_out_batches_the_bits_are_the_same()
    {
        using var model = Trainee.Trainee.Create();
        var result = model.Fit(Trainee.Trainee.Data(1), Fits.Options(_folder.Path));
        Assert.Equal(Fits.Whole.Digest, model.Digest());
        Assert.Equal((double.NaN, double.NaN, 0L), (result.HeldOutLoss, result.BestHeldOutLoss, result.BestStep));
        Assert.False(Directory.Exists(_folder["best"]));
    }

    [Fact]
    public void An_evaluation_that_fails_leaves_the_weights_that_train()
    {
        using var model = Trainee.Trainee.Create();
        Assert.Throws<FormatException>(() => model.Fit(Trainee.Trainee.Data(1), Fits.Options(_folder.Path), Held(static (number, _) => Throw(number == 1))));
        Assert.Equal(Fits.Run(Fits.Options(null, 10)).Digest, model.Digest());
    }

    [Fact]
    public void An_epoch_shorter_than_an_evaluation_is_seen_once()
    {
        var numbers = new List<long>();
        using var model = Trainee.Trainee.Create();
        model.Fit(Trainee.Trainee.Data(1), Fits.Options(null, 10) with { EvaluationBatches = 100 }, Held((number, _) => numbers.Add(number), count: 3));
        Assert.Equal([0, 1, 2], numbers);
    }

    private static void Throw(bool now)
    {
        if (now)
        {
            throw new FormatException();
        }
    }

    private static IBatches<Trainee.Trainee.Batch> Held(Action<long, Trainee.Trainee.Batch> change, long count = long.MaxValue)
    {
        var data = Trainee.Trainee.Data(2);
        return Batches.Of<Trainee.Trainee.Batch>((number, reuse) =>
        {
            var batch = data.Get(number, reuse);
            change(number, batch);
            return batch;
        }, count);
    }
}
