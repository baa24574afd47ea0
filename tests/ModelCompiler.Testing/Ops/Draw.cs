namespace ModelCompiler.Testing;

/// <summary>A number for an element of a tensor.</summary>
internal delegate double Draw(Random random, int index);

/// <summary>Domains that inputs are drawn from.</summary>
internal static class Draws
{
    /// <summary>Where most functions are smooth and far from saturation.</summary>
    public static readonly Draw Unit = Within(1);

    /// <summary>0.1 to 1.1 on either side: no step of a difference crosses 0.</summary>
    public static readonly Draw AwayFromZero = static (random, _) => (random.Next(2) == 0 ? -1 : 1) * (0.1 + random.NextDouble());

    public static Draw Within(double bound) => (random, _) => bound * ((2 * random.NextDouble()) - 1);

    public static Draw Constant(double value) => (_, _) => value;

    /// <summary>Around a centre.</summary>
    public static Draw Around(double centre, double bound) => (random, _) => centre + (bound * ((2 * random.NextDouble()) - 1));

    /// <summary>Whole numbers from 0 up to below a bound.</summary>
    public static Draw Below(int bound) => (random, _) => random.Next(bound);

    /// <summary>Given numbers, over and over.</summary>
    public static Draw Of(params double[] values) => (_, index) => values[index % values.Length];
}
