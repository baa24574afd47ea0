using ModelCompiler.Data;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>Runs over data sets: records that are broken are reported at the end, and a run that is cut in the middle of an epoch ends with the same bits.</summary>
public sealed class DataSetRunTests : IDisposable
{
    private const int Count = 100;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // An epoch is 12.5 batches; a step takes two.
    private static DataBatches<float[], Trainee.Trainee.Batch> Data(int threads, int buffer = 20) => Pictures().ToBatches(Options(threads, buffer), Create, Fill);

    private static IRecords<float[]> Pictures(int count = Count, string name = "picture") =>
        Records.Of(count, static i => i % 30 == 7 ? throw new InvalidDataException("noise") : Picture(i), i => $"{name} {i}");

    private static DataOptions Options(int threads, int buffer) => new() { Batch = 8, Seed = 3, ShuffleBuffer = buffer, Threads = threads };

    private static Trainee.Trainee.Batch Create(int rows) => new(new Trainee.Trainee.Pictures(rows));

    private static void Fill(float[] picture, Trainee.Trainee.Batch batch, DataRow row)
    {
        picture.CopyTo(batch.Inputs[row.Index]);
        batch.Inputs[row.Index][0] = row.Random(1).Below(100) / 100f;
        batch.Labels[row.Index] = (int)row.Record % 3;
    }

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

    public static TheoryData<string> Others => new(s_others.Keys);

    private static readonly Dictionary<string, Func<IBatches<Trainee.Trainee.Batch>>> s_others = new()
    {
        ["Single[]: 99 shuffled by seed 3 through a buffer of 20"] = static () => Pictures(99).ToBatches(Options(1, 20), Create, Fill),
        ["'drawing 0' to 'drawing 99'"] = static () => Pictures(name: "drawing").ToBatches(Options(1, 20), Create, Fill),
        ["shuffled by seed 4"] = static () => Pictures().ToBatches(Options(1, 20) with { Seed = 4 }, Create, Fill),
        ["through a buffer of 21"] = static () => Data(1, buffer: 21),
        ["100 in their own order"] = static () => Data(1, buffer: 0),
        ["in batches of 16"] = static () => Pictures().ToBatches(Options(1, 20) with { Batch = 16 }, Create, Fill),
        ["rank 1 of 2"] = static () => Pictures().ToBatches(Options(1, 20) with { Rank = 1, Ranks = 2 }, Create, Fill),
        ["100 in 2 parts"] = static () => Records.Concat(Pictures().Where(static i => i < 40), Pictures().Where(static i => i >= 40)).ToBatches(Options(1, 20), Create, Fill),
        ["(100 shuffled by seed 3 through a buffer of 20) by 3 and (100 shuffled by seed 4 through a buffer of 20) by 1"] =
            static () => new WeightedRecords<float[]>[] { new(Pictures(), 3), new(Pictures(), 1) }.ToBatches(Options(1, 20), Create, Fill),
    };

    [Theory, MemberData(nameof(Others))]
    public void A_run_does_not_go_on_with_other_data(string what)
    {
        Start();
        using var model = Trainee.Trainee.Create(2);
        var before = model.Digest();
        var error = Assert.Throws<CheckpointException>(() => model.Fit(s_others[what](), Fits.Options(_folder.Path, 20)));
        Assert.Contains("is of a run on other data", error.Message);
        Assert.Contains("there: Single[]: 100 shuffled by seed 3 through a buffer of 20, 'picture 0' to 'picture 99'", error.Message);
        Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(error.Message, @", rank \d of \d\n"));
        Assert.Matches($"here:  .*{System.Text.RegularExpressions.Regex.Escape(what)}", error.Message);
        Assert.DoesNotContain("The checkpoint before it", error.Message);
        Assert.Equal((before, 0), (model.Digest(), model.Core.Steps));
        Assert.Equal(20, model.Fit(s_others[what](), Fits.Options(_folder.Path, 20) with { OtherData = true }).Steps);
        Assert.Equal(25, model.Fit(s_others[what](), Fits.Options(_folder.Path, 25)).Steps); // now it is of these
    }

    // Functions say nothing of what they give, nor do checkpoints of before anybody did.
    [Fact]
    public void What_is_not_known_is_not_compared()
    {
        Start();
        using (var model = Trainee.Trainee.Create(2))
            Assert.Equal(15, model.Fit(Trainee.Trainee.Data(1), Fits.Options(_folder.Path, 15)).Steps);
        using var other = Trainee.Trainee.Create(2);
        Assert.Equal(20, other.Fit(Data(1), Fits.Options(_folder.Path, 20)).Steps);
    }

    [Fact]
    public void Files_may_be_moved()
    {
        static string Of(string folder, int threads) => Records.Of(3, static i => i, i => $"{folder}/{i}.jpg").ToBatches(new DataOptions { Batch = 2, Threads = threads }, Create, static (_, _, _) => { }).Identity;
        Assert.Equal(Of("/data/flowers", 1), Of(@"D:\flowers", 2));
    }

    private void Start()
    {
        using var model = Trainee.Trainee.Create(2);
        model.Fit(Data(1), Fits.Options(_folder.Path, 10));
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
