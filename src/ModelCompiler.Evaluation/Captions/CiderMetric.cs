namespace ModelCompiler.Evaluation;

/// <summary>CIDEr-D: likeness of vectors of n-grams, each weighed by how few pictures' references have it. Source: Vedantam, Zitnick and Parikh, CIDEr, 2015, and pycocoevalcap.</summary>
internal static class CiderMetric
{
    private const int Orders = 4;
    private const double Sigma = 6;

    public static double[] Of(string[][] candidates, string[][][] references)
    {
        var pictures = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var own in references)
        {
            foreach (var key in own.SelectMany(static r => Counts(r).SelectMany(static c => c.Keys)).ToHashSet(StringComparer.Ordinal))
            {
                pictures[key] = pictures.GetValueOrDefault(key) + 1;
            }
        }

        var all = Math.Log(references.Length);
        return [.. candidates.Zip(references, (c, own) =>
        {
            var candidate = Vector(c);
            return 10 * own.Average(r => Likeness(candidate, Vector(r)));
        })];

        Weighed Vector(string[] tokens)
        {
            var vector = Array.ConvertAll(Counts(tokens), counts => counts.ToDictionary(static c => c.Key, c => c.Value * (all - Math.Log(Math.Max(1, pictures.GetValueOrDefault(c.Key)))), StringComparer.Ordinal));
            return new(vector, Array.ConvertAll(vector, static v => Math.Sqrt(v.Values.Sum(static x => x * x))), Math.Max(0, tokens.Length - 1));
        }
    }

    private static Dictionary<string, int>[] Counts(string[] tokens) => [.. Enumerable.Range(1, Orders).Select(n => NGrams.Count(tokens, n))];

    private static double Likeness(Weighed a, Weighed b)
    {
        var sum = 0.0;
        for (var n = 0; n < Orders; n++)
        {
            var norm = a.Norms[n] * b.Norms[n];
            sum += norm == 0 ? 0 : a.Vector[n].Sum(x => b.Vector[n].TryGetValue(x.Key, out var y) ? Math.Min(x.Value, y) * y : 0) / norm;
        }

        double difference = a.Bigrams - b.Bigrams;
        return sum / Orders * Math.Exp(-difference * difference / (2 * Sigma * Sigma));
    }

    private sealed record Weighed(Dictionary<string, double>[] Vector, double[] Norms, int Bigrams);
}
