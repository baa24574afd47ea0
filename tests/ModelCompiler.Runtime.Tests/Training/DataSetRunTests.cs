using ModelCompiler.Data;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>Runs over data sets: records that are broken are reported at the end, and a run that is cut in the middle of an epoch ends with the same bits.</summary>
public sealed class DataSetRunTests : IDisposable
{
    private const int Count = 100;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // An epoch is 12.5 batches; a step takes two.
    private static DataBatches<float[], Trainee.Trainee.Batch> Data(int threads, int buffer = 20) => Records.Of(Count, static i => i % 30 == 7 ? throw new InvalidDataException("noise") : Picture(i), static i => $"picture {i}")
        .ToBatches(
            new DataOptions { Batch = 8, Seed = 3, ShuffleBuffer = buffer, Threads = threads },
            static rows => new Trainee.Trainee.Batch(new Trainee.Trainee.Pictures(rows)),
            static (picture, batch, row) =>
            {
                picture.CopyTo(batch.Inputs[row.Index]);
                batch.Inputs[row.Index][0] = row.Random(1).Below(100) / 100f;
                batch.Labels[row.Index] = (int)row.Record % 3;
            });

    private static float[] Picture(long index) => [.. Enumerable.Range(0, 64).Select(p => MathF.Sin((index % 3) + (p * 0.1f * (1 + (index % 3)))))];

    private static string Run(FitOptions options, int threads)
    {
        using var model = Trainee.Trainee.Create(2);
        model.Fit(Data(threads), options);
        return model.Digest();
    }

    [Fact]
    public void A_run_cut_in_the_middle_of_epochs_ends_with_the_same_bits()
    {
        var whole = Run(Fits.Options(null, 30), threads: 1);
        foreach (var (step, threads) in new[] { (2, 1), (4, 3), (9, 2), (23, 3) })
        {
            Assert.Throws<TimeoutException>(() => Run(
                Fits.Options(_folder.Path, 30) with { CheckpointEvery = 3, Stepped = r => _ = r.Step == step ? throw new TimeoutException() : 0 }, threads));
        }

        Assert.Equal(whole, Run(Fits.Options(_folder.Path, 30) with { CheckpointEvery = 3 }, threads: 2));
    }

    [Fact]
    public void What_was_skipped_is_said_at_the_end()
    {
        using var output = new StringWriter();
        using var model = Trainee.Trainee.Create(2);
        model.Fit(Data(2), Fits.Options(null, 14) with { Output = output }, Data(1, buffer: 0));
        var lines = output.ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["4 of 100 records skipped:", "picture 7: noise", "picture 37: noise", "picture 67: noise", "picture 97: noise"], lines[^7..^2]);
        Assert.StartsWith("held out: 1 of 100 records skipped:", lines[^2], StringComparison.Ordinal);
    }
}
