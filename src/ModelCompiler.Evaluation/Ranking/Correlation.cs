namespace ModelCompiler.Evaluation;

/// <summary>How two rows of numbers go together, -1 to 1; not a number where one of them never changes or has something that is none.</summary>
public static class Correlation
{
    /// <summary>Of the numbers themselves.</summary>
    /// <exception cref="ArgumentException">Fewer than two, or not as many of one as of the other.</exception>
    public static double Pearson(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length < 2 || x.Length != y.Length)
        {
            throw new ArgumentException($"{x.Length} numbers beside {y.Length}: correlation needs two or more, as many of each.");
        }

        double meanX = 0, meanY = 0, xx = 0, yy = 0, xy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            (meanX, meanY) = (meanX + (x[i] / x.Length), meanY + (y[i] / x.Length));
        }

        for (var i = 0; i < x.Length; i++)
        {
            var (dx, dy) = (x[i] - meanX, y[i] - meanY);
            (xx, yy, xy) = (xx + (dx * dx), yy + (dy * dy), xy + (dx * dy));
        }

        return xy / Math.Sqrt(xx * yy);
    }

    /// <summary>Of their ranks; equal numbers have the mean of their ranks.</summary>
    /// <exception cref="ArgumentException">As above.</exception>
    public static double Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Pearson(Ranks(x), Ranks(y));

    private static double[] Ranks(ReadOnlySpan<double> values)
    {
        var (keys, order) = (values.ToArray(), Enumerable.Range(0, values.Length).ToArray());
        if (Array.Exists(keys, double.IsNaN))
        {
            return Array.ConvertAll(keys, static _ => double.NaN);
        }

        Array.Sort(keys, order);
        var ranks = new double[keys.Length];
        for (int first = 0, end; first < keys.Length; first = end)
        {
            for (end = first + 1; end < keys.Length && keys[end] == keys[first]; end++)
            {
            }

            for (var i = first; i < end; i++)
            {
                ranks[order[i]] = (first + end - 1) / 2.0;
            }
        }

        return ranks;
    }
}
