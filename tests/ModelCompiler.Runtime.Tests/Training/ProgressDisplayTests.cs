using System.Globalization;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>What a user sees of a run, at a terminal and in a file.</summary>
public sealed class ProgressDisplayTests : IDisposable
{
    private const string Line = @"step {0}/1,000  loss 1\.2346  \d:\d\d:\d\d left  [\d,]+ tokens/s  rate 0\.00025  gradient 1\.5E\+03";
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly CultureInfo _culture = CultureInfo.CurrentCulture;

    // Its decimals have a comma and its thousands a point.
    public ProgressDisplayTests() => CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");

    public void Dispose()
    {
        CultureInfo.CurrentCulture = _culture;
        _output.Dispose();
    }

    [Fact]
    public void Plain_output_gets_a_line_now_and_then_and_one_for_the_last_step()
    {
        var display = new ProgressDisplay(_output, null, 1000, 300, "tokens");
        for (var step = 1; step <= 1000; step++)
        {
            Step(display, Report(step), 64);
        }

        display.End();
        var lines = _output.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(4, lines.Length);
        foreach (var (line, step) in lines.Zip(["300", "600", "900", "1,000"]))
        {
            Assert.Matches($"^{Line.Replace("{0}", step)}$", line);
        }

        Assert.Contains("  0:00:00 left  ", lines[^1]);
    }

    [Fact]
    public void A_terminals_line_is_renewed_and_cut_to_its_width()
    {
        var columns = 200;
        var display = new ProgressDisplay(_output, () => columns, 1000, 1, "tokens");
        Step(display, Report(1), 64);
        Step(display, Report(2), 64); // too soon
        Assert.Matches($"^\r{Line.Replace("{0}", "1")}$", _output.ToString());
        var first = Take().Length - 1;
        columns = 40;
        Step(display, Report(1000), 64);
        var second = Take();
        Assert.Equal("\rstep 1,000/1,000  loss 1.2346  0:00:00".PadRight(first + 1), second.PadRight(first + 1)[..(first + 1)]);
        Assert.Equal(first + 1, second.Length); // the longer line before is covered
        display.Note("held out");
        Assert.Equal("\rheld out".PadRight(39 + 1) + "\n", Take());
        display.Note("again");
        Assert.Equal("again\n", Take());
        display.End();
        Assert.Equal("", Take());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-5)]
    public void A_terminal_that_knows_no_width_is_no_fault(int columns)
    {
        Step(new ProgressDisplay(_output, () => columns, 1, 1, "tokens"), Report(1), 1);
        Assert.Equal(2, _output.ToString().Length);
    }

    [Fact]
    public void The_time_left_counts_the_steps_of_this_run()
    {
        var display = new ProgressDisplay(_output, null, 1000, 1, "tokens");
        Thread.Sleep(1100);
        Step(display, Report(990), 1); // one step took 1.1 seconds and ten are left
        var left = TimeSpan.Parse(_output.ToString().Split("1.2346")[1].Split("left")[0], CultureInfo.InvariantCulture);
        Assert.InRange(left.TotalSeconds, 11, 600);
    }

    [Fact]
    public void A_terminal_of_80_columns_shows_the_time_and_the_speed()
    {
        Step(new ProgressDisplay(_output, static () => 80, 60_000, 1, "tokens"), Report(1_000), 123_456);
        Assert.Matches(@"^\rstep 1,000/60,000  loss 1\.2346  \d+:\d\d:\d\d left  [\d,]+ tokens/s", Take());
    }

    [Fact]
    public void A_run_without_an_end_has_a_time()
    {
        Step(new ProgressDisplay(_output, null, long.MaxValue, 1, "tokens"), Report(1), 1);
        Assert.Contains("277777:46:40 left", _output.ToString());
    }

    [Fact]
    public void A_run_tells_its_evaluations_and_where_it_went_on()
    {
        using var folder = new TemporaryFolder();
        Fits.Run(Fits.Options(folder.Path, 10));
        Fits.Run(Fits.Options(folder.Path, 20) with { Output = _output, ReportEvery = 5 });
        var lines = _output.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Equal($"going on from step 10: {Fits.Checkpoint(folder, 10)}", lines[0]);
        Assert.Matches(@"^step 15/20  loss \d\.\d{4}  .*pictures/s", lines[1]);
        Assert.StartsWith("step 20/20", lines[2]);
        Assert.Matches(@"^step 20  held-out loss \d\.\d{4}$", lines[3]);
    }

    private static void Step(ProgressDisplay display, StepReport report, long items)
    {
        if (display.Count(report.Step, items))
        {
            display.Show(report);
        }
    }

    private static StepReport Report(long step) => new(step, 1.23456, 2.5e-4, 1500);

    private string Take()
    {
        var text = _output.ToString();
        _output.GetStringBuilder().Clear();
        return text;
    }
}
