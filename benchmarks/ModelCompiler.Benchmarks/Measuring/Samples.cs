namespace ModelCompiler.Benchmarks.Measuring;

/// <summary>All samples of one side. The calm ones count where there are enough of them, and else all.</summary>
internal sealed class Samples
{
    private const int Enough = 3;

    /// <param name="peak">Probes of the peak around the samples; null where these are the probes.</param>
    public Samples(IReadOnlyCollection<Sample> all, int threads, Samples? peak = null)
    {
        Sample[] calm = [.. all.Where(s => s.IsCalm(threads))];
        var counted = calm.Length >= Enough ? calm : all;
        (Count, Calm, Peak) = (all.Count, calm.Length, peak);
        (Seconds, Best) = (Median(counted.Select(static s => s.Seconds)), counted.Min(static s => s.Seconds));
        ProcessorSeconds = Median(all.Select(s => s.ProcessorSeconds(threads)));
    }

    public int Count { get; }

    /// <summary>Samples beside which nobody else ran.</summary>
    public int Calm { get; }

    /// <summary>The median.</summary>
    public double Seconds { get; }

    public double Best { get; }

    /// <summary>The median of the processors' time for each thread.</summary>
    public double ProcessorSeconds { get; }

    public Samples? Peak { get; }

    /// <summary>10^9 operations a second.</summary>
    public double Gflops(double operations) => operations / Seconds / 1e9;

    /// <summary>Median rate over median rate of the peak.</summary>
    public double Share(double operations) => Gflops(operations) / Peak!.Gflops(PeakProbe.Operations);

    /// <summary>The same by the processors' time, which hardly sees other processes; waiting that is not sleep counts as work.</summary>
    public double ProcessorShare(double operations) => operations / ProcessorSeconds * (Peak!.ProcessorSeconds / PeakProbe.Operations);

    public override string ToString() => $"{Calm} calm of {Count} samples";

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
