using System.Diagnostics;

namespace ModelCompiler.Runtime.Training;

/// <summary>One line that a terminal sees renewed, or a line now and then where the output is a file.</summary>
/// <param name="columns">Width of the terminal, asked for each line: a longer one could not be renewed; null: there is none.</param>
/// <param name="items">What is counted: tokens, pictures.</param>
internal sealed class ProgressDisplay(TextWriter output, Func<int>? columns, long steps, long every, string items)
{
    private const double LongestSeconds = 1e9;
    private static readonly long s_refresh = Stopwatch.Frequency / 5;
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _shown, _first = -1, _count;
    private int _width;

    /// <summary>Counts a step. True: a line is due, for which <see cref="Show"/> needs its numbers.</summary>
    public bool Count(long step, long itemCount)
    {
        _first = _first < 0 ? step - 1 : _first;
        _count += itemCount;
        return step == steps || (columns is not null ? Stopwatch.GetTimestamp() - _shown >= s_refresh : step % every == 0);
    }

    public void Show(StepReport report)
    {
        _shown = Stopwatch.GetTimestamp();
        var seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        var left = Math.Min(LongestSeconds, seconds / (report.Step - _first) * (steps - report.Step));
        // What matters most comes first: a narrow terminal cuts the rest.
        var line = FormattableString.Invariant(
            $"step {report.Step:N0}/{steps:N0}  loss {report.Loss:F4}  {Text(TimeSpan.FromSeconds(left))} left  {_count / seconds:N0} {items}/s  rate {report.LearningRate:G3}  gradient {report.GradientNorm:G3}");
        if (columns is null)
        {
            output.WriteLine(line);
            return;
        }

        line = line[..Math.Clamp(columns() - 1, 1, line.Length)];
        output.Write("\r" + line.PadRight(_width));
        _width = line.Length;
        output.Flush();
    }

    /// <summary>A line of its own.</summary>
    public void Note(string line)
    {
        output.WriteLine((_width > 0 ? "\r" : "") + line.PadRight(_width));
        _width = 0;
    }

    /// <summary>Ends the line that is being renewed.</summary>
    public void End()
    {
        if (_width > 0)
        {
            output.WriteLine();
            _width = 0;
        }
    }

    private static string Text(TimeSpan time) => FormattableString.Invariant($"{(int)time.TotalHours}:{time.Minutes:D2}:{time.Seconds:D2}");
}
