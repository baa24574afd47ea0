using ModelCompiler.Compiler.Ir.Scalars;
using ModelCompiler.Runtime.Cpu;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Models;

/// <summary>How weights start: the distributions that were asked for, decided by seed, name and element alone.</summary>
public sealed class InitializerTests
{
    private const int Count = 400_000;

    [Fact]
    public void The_inverse_of_the_normal_distribution_is_right_to_seven_digits()
    {
        foreach (var p in Enumerable.Range(1, 99_999).Select(static i => i / 100_000.0).Concat([0.5 / 4294967296, 1e-9, 1e-6, 0.075, 0.0750001, 0.4999999]))
        {
            var z = NormalDistribution.Quantile(p);
            var density = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
            Assert.Equal(0, (SpecialFunctions.NormalCdf(z) - p) / density, 2e-7 * Math.Max(1, Math.Abs(z)));
        }

        Assert.Equal(0, NormalDistribution.Quantile(0.5));
        Assert.Equal(-NormalDistribution.Quantile(0.01), NormalDistribution.Quantile(0.99), 1e-14);
    }

    [Fact]
    public void Normal_weights_are_normal()
    {
        var values = Fill(new Initializer.Normal(0.02));
        Moments(values, 0.02, kurtosis: 3);
        Distribution(values, static v => SpecialFunctions.NormalCdf(v / 0.02));
        Assert.InRange(values.Max() / 0.02f, 4f, 6.5f);
    }

    [Fact]
    public void Truncated_weights_end_at_two_deviations()
    {
        var values = Fill(new Initializer.Truncated(0.02));
        var (low, all) = (SpecialFunctions.NormalCdf(-2), SpecialFunctions.NormalCdf(2) - SpecialFunctions.NormalCdf(-2));
        Distribution(values, v => (SpecialFunctions.NormalCdf(v / 0.02) - low) / all);
        Assert.InRange(values.Max(), 0.0399f, 0.0400001f);
        Assert.InRange(values.Min(), -0.0400001f, -0.0399f);
        Moments(values, 0.02 * 0.87962566, kurtosis: 2.3657); // of the cut distribution
    }

    [Fact]
    public void Uniform_weights_stay_within_their_bound()
    {
        var values = Fill(new Initializer.Uniform(0.3));
        Moments(values, 0.3 / Math.Sqrt(3), kurtosis: 1.8);
        Distribution(values, static v => (v + 0.3) / 0.6);
        Assert.InRange(values.Max(), 0.2999f, 0.3f);
        Assert.InRange(values.Min(), -0.3f, -0.2999f);
    }

    [Fact]
    public void An_element_depends_on_seed_and_name_alone()
    {
        // Pieces are drawn by different threads, and none of them knows of the others.
        var values = Fill(new Initializer.Uniform(1), name: "w");
        var hash = "w".Aggregate(14695981039346656037UL, static (h, c) => (h ^ c) * 1099511628211);
        foreach (var i in new[] { 0, 1, 2, 3, 4, 16_383, 16_384, 16_385, 200_003, Count - 1 })
        {
            var (a, b, c, d) = Philox.Draw((uint)i / 4, (uint)hash, (uint)(hash >> 32), uint.MaxValue, 7, 0);
            var word = new[] { a, b, c, d }[i % 4];
            Assert.Equal((float)((2 * ((word + 0.5) / 4294967296)) - 1), values[i]);
        }

        Assert.Equal(values[..1000], Fill(new Initializer.Uniform(1), 1000));
        Assert.Equal(values[..1001], Fill(new Initializer.Uniform(1), 1001));
    }

    [Fact]
    public void Parameters_and_seeds_are_independent()
    {
        var values = Fill(new Initializer.Normal(1));
        foreach (var other in new[] { Fill(new Initializer.Normal(1), name: "v"), Fill(new Initializer.Normal(1), seed: 8), Fill(new Initializer.Normal(1), seed: 7UL | (1UL << 32)), [.. values.Skip(1)], [.. values.Skip(4)] })
        {
            var correlation = values.Zip(other, static (a, b) => (double)a * b).Sum() / Count;
            Assert.InRange(correlation, -5 / Math.Sqrt(Count), 5 / Math.Sqrt(Count));
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_model_and_another_seed_another()
    {
        using var model = HostedModels.Create(HostedModels.Bert, seed: 5);
        using var same = HostedModels.Create(HostedModels.Bert, seed: 5);
        using var other = HostedModels.Create(HostedModels.Bert, seed: 6);
        using var deeper = HostedModels.Create(HostedModels.Spec(ModelCases.Text("TransformerEncoder", ("Depth", 3))), seed: 5);
        var weights = HostedModels.Weights(model);
        Assert.Equal(weights, HostedModels.Weights(same));
        Assert.NotEqual(weights["embeddings.token.weight"], other.Core.Parameters["embeddings.token.weight"].ToArray());
        Assert.Equal(weights["blocks.1.feed_forward.up.weight"], deeper.Core.Parameters["blocks.1.feed_forward.up.weight"].ToArray());
        Assert.Equal(weights.Count, weights.Values.DistinctBy(static v => (v.Length, v[0])).Count() + Equal(weights));

        // Biases and norms are constant.
        static int Equal(Dictionary<string, float[]> weights) => weights.Count(static w => w.Value.Distinct().Count() == 1) - weights.Where(static w => w.Value.Distinct().Count() == 1).DistinctBy(static w => (w.Value.Length, w.Value[0])).Count();
    }

    [Fact]
    public void Names_of_a_large_model_share_no_numbers()
    {
        var names = Enumerable.Range(0, 48).SelectMany(static layer => new[] { "query", "key", "value", "output" }.Select(part => $"blocks.{layer}.attention.{part}.weight")).ToArray();
        Assert.Equal(names.Length, names.Select(static n => Fill(new Initializer.Normal(1), 1, n)[0]).Distinct().Count());
    }

    private static float[] Fill(Initializer initializer, int count = Count, string name = "w", ulong seed = 7)
    {
        var values = new float[count];
        initializer.Fill(values, [count], new InitialNumbers(seed, name));
        return values;
    }

    // Within five deviations of what so many numbers may differ by.
    private static void Moments(float[] values, double deviation, double kurtosis)
    {
        var mean = values.Average(static v => (double)v);
        Assert.InRange(mean / deviation, -5 / Math.Sqrt(Count), 5 / Math.Sqrt(Count));
        var variance = values.Average(v => (v - mean) * (v - mean));
        Assert.Equal(1, variance / (deviation * deviation), 5 * Math.Sqrt((kurtosis - 1) / Count));
        Assert.Equal(kurtosis, values.Average(v => Math.Pow((v - mean) / deviation, 4)), 0.1);
        Assert.Equal(0, values.Average(v => Math.Pow((v - mean) / deviation, 3)), 0.03);
    }

    // Kolmogorov and Smirnov: the largest distance of the distribution function; 2 of a million samples are beyond 2.5.
    private static void Distribution(float[] values, Func<double, double> cumulative)
    {
        var sorted = values.Order().ToArray();
        var largest = 0.0;
        for (var i = 0; i < sorted.Length; i++)
        {
            var expected = cumulative(sorted[i]);
            largest = Math.Max(largest, Math.Max(Math.Abs(expected - (i / (double)sorted.Length)), Math.Abs(expected - ((i + 1) / (double)sorted.Length))));
        }

        Assert.InRange(largest * Math.Sqrt(sorted.Length), 0, 2.5);
    }
}
