using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>What a run keeps, and whom it lets write.</summary>
public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_newest_checkpoints_are_kept(int count)
    {
        Fits.Run(Fits.Options(_folder.Path, 22) with { KeepLast = count });
        Assert.Equal(new[] { 15, 20, 22 }[^count..], Fits.Checkpoints(_folder).Select(static n => int.Parse(n.AsSpan(5, 10))));
    }

    [Fact]
    public void A_second_run_in_one_folder_is_refused()
    {
        var message = "";
        Fits.Run(Fits.Options(_folder.Path, 3) with
        {
            Stepped = r =>
            {
                if (r.Step == 2)
                {
                    message = Assert.Throws<CheckpointException>(() => Fits.Run(Fits.Options(_folder.Path, 3))).Message;
                }
            },
        });
        Assert.StartsWith($"The folder '{_folder.Path}' cannot be used, or another run writes to it: ", message);
        Assert.Equal(5, Fits.Run(Fits.Options(_folder.Path, 5)).Result.Steps); // the lock went with the run
    }

    [Fact]
    public void A_run_that_is_refused_leaves_no_lock()
    {
        Assert.Throws<CheckpointException>(() => Fits.Run(Fits.Options(_folder.Path) with { ResumeFrom = _folder["missing"] }));
        using var model = Trainee.Trainee.Create();
        Assert.Throws<ArgumentNullException>(() => model.Fit(null!, Fits.Options(_folder.Path)));
        Assert.Throws<ArgumentNullException>(() => model.Fit(Trainee.Trainee.Data(1), null!));
        Assert.Equal(1, Fits.Run(Fits.Options(_folder.Path, 1)).Result.Steps);
    }

    [Fact]
    public void A_file_in_place_of_the_folder_is_named()
    {
        var path = _folder.Write("file", [1]);
        Assert.StartsWith($"The folder '{path}' cannot be made: ", Assert.Throws<CheckpointException>(() => Fits.Run(Fits.Options(path))).Message);
        Assert.StartsWith("The folder '", Assert.Throws<CheckpointException>(() => Fits.Run(Fits.Options(Path.Combine(path, "below")))).Message);
    }

    [Fact]
    public void What_killed_writers_left_goes_and_other_files_stay()
    {
        Directory.CreateDirectory(_folder["best"]);
        var ours = Guid.NewGuid().ToString("N");
        string[] left = [$"step-0000000005.safetensors.{ours}.tmp", $"metrics.csv.{ours}.tmp", Path.Combine("best", $"config.json.{ours}.tmp")];
        string[] others = ["notes.tmp", $"{ours}.tmp", "step-x.safetensors"];
        foreach (var name in left.Concat(others))
        {
            _folder.Write(name, [1]);
        }

        Fits.Run(Fits.Options(_folder.Path, 1));
        Assert.All(left, name => Assert.False(File.Exists(_folder[name]), name));
        Assert.All(others, name => Assert.True(File.Exists(_folder[name]), name));
    }

    [Fact]
    public void Options_out_of_their_range_are_named()
    {
        var good = Fits.Options(_folder.Path);
        (string Name, FitOptions Options)[] bad =
        [
            ("Steps", good with { Steps = 0 }), ("CheckpointEvery", good with { CheckpointEvery = -1 }), ("KeepLast", good with { KeepLast = 0 }),
            ("EvaluateEvery", good with { EvaluateEvery = -1 }), ("EvaluationBatches", good with { EvaluationBatches = 0 }), ("ReportEvery", good with { ReportEvery = -1 }),
        ];
        foreach (var (name, options) in bad)
        {
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => Fits.Run(options)).ParamName);
        }

        Assert.Empty(_folder.Names);
    }
}
