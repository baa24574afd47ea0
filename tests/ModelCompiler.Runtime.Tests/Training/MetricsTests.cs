using System.Globalization;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>Metrics have one line a step, whatever happened to the run, and the events say the same.</summary>
public sealed class MetricsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_step_has_one_line()
    {
        var steps = new List<StepReport>();
        var (_, result) = Fits.Run(Fits.Options(_folder.Path) with { Stepped = steps.Add });
        var lines = Lines();
        Assert.Equal("step,loss,learning_rate,gradient_norm,held_out_loss", File.ReadLines(_folder["metrics.csv"]).First());
        Assert.Equal(steps, lines.Select(static l => new StepReport((long)l[0], l[1], l[2], l[3])));
        Assert.Equal([10, 20, 30, 40, 50, 60], lines.Where(static l => !double.IsNaN(l[4])).Select(static l => l[0]));
        Assert.Equal(result.HeldOutLoss, lines[^1][4]);
        Assert.Equal(result.Loss, lines[^1][1]);
        Assert.Equal(3e-3 * LearningRate.Cosine(12, 10, 200, 0), lines[12][2]);
    }

    [Fact]
    public void Runs_in_parts_have_the_lines_of_one()
    {
        using var whole = new TemporaryFolder();
        Fits.Run(Fits.Options(whole.Path));
        Fits.Cut(Fits.Options(_folder.Path), 3);
        Fits.Cut(Fits.Options(_folder.Path), 18);
        Fits.Run(Fits.Options(_folder.Path, 30));
        Fits.Cut(Fits.Options(_folder.Path), 44);
        File.AppendAllText(_folder["metrics.csv"], "45,0.1,0.2"); // a line that a killed run has not finished
        Fits.Run(Fits.Options(_folder.Path, 50) with { ResumeFrom = Fits.Checkpoint(_folder, 35) });
        File.AppendAllText(_folder["metrics.csv"], "51,0.1,0.2,0.3,\n52,");
        Fits.Run(Fits.Options(_folder.Path));
        Assert.Equal(File.ReadAllLines(whole["metrics.csv"]), File.ReadAllLines(_folder["metrics.csv"]));
    }

    // A process that is killed behind the renaming of a checkpoint goes on from it and makes none of its steps again.
    [Fact]
    public void Lines_are_written_before_the_checkpoint_of_their_steps() => Fits.Run(Fits.Options(_folder.Path) with
    {
        Stepped = r =>
        {
            if (r.Step % 5 == 1 && r.Step > 1)
            {
                using var reader = new StreamReader(new FileStream(_folder["metrics.csv"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
                Assert.Equal(r.Step, reader.ReadToEnd().Count(static c => c == '\n'));
                Assert.True(File.GetLastWriteTimeUtc(_folder["metrics.csv"]) <= File.GetLastWriteTimeUtc(Fits.Checkpoint(_folder, (int)r.Step - 1)));
            }
        },
    });

    [Fact]
    public void Events_say_what_the_lines_say()
    {
        Fits.Cut(Fits.Options(_folder.Path), 18);
        Fits.Run(Fits.Options(_folder.Path));
        var files = _folder.Names.Where(static n => n.StartsWith("events.out.tfevents.", StringComparison.Ordinal)).Select(n => EventRecords.Read(_folder[n]).ToArray()).ToArray();
        Assert.Equal(2, files.Length);
        Assert.All(files, static f => Assert.Equal(("brain.Event:2", 0L), (f[0].Version, f[0].Step)));
        Assert.All(files.SelectMany(static f => f), static e => Assert.InRange(DateTime.UnixEpoch.AddSeconds(e.WallTime), DateTime.UtcNow.AddHours(-1), DateTime.UtcNow));
        Assert.Equal((1L, 16L), (files[1][1].Session!.Value, files[1][1].Step)); // the viewer drops what comes before it of steps from 16 on
        var scalars = files[0].Where(static e => e.Tag is not null && e.Step < 16).Concat(files[1].Where(static e => e.Tag is not null)).ToArray();
        (string Tag, int Column)[] tags = [("loss/train", 1), ("learning_rate", 2), ("gradient_norm", 3), ("loss/held_out", 4)];
        Assert.Equal(tags.Select(static t => t.Tag).Order(), scalars.Select(static e => e.Tag).Distinct().Order());
        foreach (var (tag, column) in tags)
        {
            Assert.Equal(
                Lines().Where(l => !double.IsNaN(l[column])).Select(l => ((long)l[0], (float)l[column])),
                scalars.Where(e => e.Tag == tag).Select(static e => (e.Step, e.Value)));
        }
    }

    [Fact]
    public void Runs_of_one_moment_have_files_of_their_own()
    {
        for (var i = 0; i < 50; i++)
        {
            using var file = new EventFile(_folder.Path, 0);
        }

        Assert.Equal(50, _folder.Names.Count());
    }

    private double[][] Lines() =>
        [.. File.ReadLines(_folder["metrics.csv"]).Skip(1).Select(static l => l.Split(',').Select(static v => v.Length == 0 ? double.NaN : double.Parse(v, CultureInfo.InvariantCulture)).ToArray())];
}
