using System.Diagnostics;

namespace ModelCompiler.Benchmarks.Measuring;

/// <summary>
/// Takes samples of several sides in turn, so that whatever else the machine does meets all of them alike, each behind a probe of
/// the peak. It goes on until there are as many calm samples of each as are wanted, or the time is over.
/// </summary>
internal static class Measure
{
    private const double ShortestSample = 0.008;
    private const int FewestRounds = 5;
    private const int Pause = 2; // milliseconds in which the threads of our teams stop spinning, so that two never share the processors

    /// <param name="seconds">About how long to measure at most; five rounds are made in any case.</param>
    /// <param name="wanted">Calm samples.</param>
    /// <param name="sides">Each runs once.</param>
    public static Samples[] InTurn(PeakProbe peak, double seconds, int wanted, params Func<Sample>[] sides) => InTurn(peak, seconds, wanted, Pause, sides);

    /// <param name="pause">Milliseconds before each sample: threads of another library may spin for longer than ours.</param>
    /// <inheritdoc cref="InTurn(PeakProbe, double, int, Func{Sample}[])"/>
    public static Samples[] InTurn(PeakProbe peak, double seconds, int wanted, int pause, params Func<Sample>[] sides)
    {
        var samples = Array.ConvertAll(sides, static _ => new List<Sample>());
        var peaks = new List<Sample>();
        var lengths = Array.ConvertAll(sides, static side => Math.Min(side().Seconds, side().Seconds));
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < FewestRounds || (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds && samples.Any(s => s.Count(x => x.IsCalm(peak.Threads)) < wanted)); round++)
        {
            for (var i = 0; i < sides.Length; i++)
            {
                Thread.Sleep(pause);
                peaks.Add(peak.Take(Math.Clamp(lengths[i] / 8, 0.004, 0.05)));
                Thread.Sleep(Pause);
                samples[i].Add(Take(sides[i], lengths[i]));
            }
        }

        var beside = new Samples(peaks, peak.Threads);
        return Array.ConvertAll(samples, s => new Samples(s, peak.Threads, beside));
    }

    // Short actions are repeated within a sample; the first of them wakes the threads and is not counted.
    private static Sample Take(Func<Sample> side, double length)
    {
        var repeats = (int)(ShortestSample / length);
        if (repeats <= 1)
        {
            return side();
        }

        side();
        var sum = 0.0;
        var all = Sample.Of(() =>
        {
            for (var i = 0; i < repeats; i++)
            {
                sum += side().Seconds;
            }
        });
        return all with { Seconds = sum / repeats };
    }
}
