namespace ModelCompiler.Benchmarks.Measuring;

/// <summary>All samples of one side. The calm ones count where there are enough of them, and else all.</summary>
internal sealed class Samples
{
    private const int Enough = 3;
    private readonly Sample[] _counted;

    /// <param name="peaks">GFLOP/s as they were around the samples.</param>
    public Samples(IReadOnlyCollection<Sample> all, int threads, double peak)
    {
        Sample[] calm = [.. all.Where(s => s.IsCalm(threads))];
        (Count, Calm, Peak) = (all.Count, calm.Length, peak);
        _counted = calm.Length >= Enough ? calm : [.. all];
        (Seconds, Best) = (Median(_counted.Select(static s => s.Seconds)), _counted.Min(static s => s.Seconds));
    }

    public int Count { get; }

    /// <summary>Samples beside which nobody else ran.</summary>
    public int Calm { get; }

    /// <summary>The median.</summary>
    public double Seconds { get; }

    public double Best { get; }

    /// <summary>Median GFLOP/s that were to be had meanwhile.</summary>
    public double Peak { get; }

    /// <summary>Median rate over median peak.</summary>
    public double Share(double operations) => Gflops(operations) / Peak;

    public double Gflops(double operations) => operations / Seconds / 1e9;

    public override string ToString() => $"{Calm} calm of {Count} samples";

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
