namespace ModelCompiler.Data;

/// <summary>A picture to another one, or the same.</summary>
internal delegate Picture PictureChange(Picture picture, ref RandomStream random);

/// <summary>Numbers of distributions out of random bits.</summary>
internal static class RandomDraws
{
    /// <summary>0 to below 1, in steps of 2^-32.</summary>
    public static double Uniform(this ref RandomStream random) => random.Word() * (1.0 / (1L << 32));

    public static double Uniform(this ref RandomStream random, double low, double high) => low + ((high - low) * random.Uniform());

    /// <summary>Of Beta(<paramref name="alpha"/>, <paramref name="alpha"/>), 0 to 1.</summary>
    public static double Beta(this ref RandomStream random, double alpha)
    {
        var (first, second) = (random.Gamma(alpha), random.Gamma(alpha));
        return first + second > 0 ? first / (first + second) : 0.5;
    }

    // Marsaglia and Tsang's squeeze; below 1 by a power of a uniform number.
    private static double Gamma(this ref RandomStream random, double shape)
    {
        if (shape < 1)
            return random.Gamma(shape + 1) * Math.Pow(1 - random.Uniform(), 1 / shape);
        var d = shape - (1 / 3.0);
        while (true)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.Uniform())) * Math.Cos(2 * Math.PI * random.Uniform());
            var v = Math.Pow(1 + (normal / Math.Sqrt(9 * d)), 3);
            if (v > 0 && Math.Log(1 - random.Uniform()) < (normal * normal / 2) + d - (d * v) + (d * Math.Log(v)))
                return d * v;
        }
    }
}
