namespace ModelCompiler.Evaluation;

/// <summary>BLEU as COCO's evaluation computes it: no smoothing but numbers too small to see, so that an order without a match gives nearly 0. Source: Papineni et al., 2002.</summary>
internal static class CaptionBleu
{
    private const double Tiny = 1e-15, Small = 1e-9;

    public static double[] Of(string[][] candidates, string[][][] references)
    {
        var length = candidates.Sum(static c => c.Length);
        var reference = candidates.Zip(references, static (c, r) => NGrams.ClosestLength(c.Length, r)).Sum();
        var ratio = (length + Tiny) / (reference + Small);
        var penalty = ratio < 1 ? Math.Exp(1 - (1 / ratio)) : 1;
        var (scores, product) = (new double[4], 1.0);
        for (var n = 1; n <= 4; n++)
        {
            var matches = candidates.Zip(references, (c, r) => NGrams.Clipped(c, r, n)).Sum();
            var total = candidates.Sum(c => Math.Max(0, c.Length - n + 1));
            product *= (matches + Tiny) / (total + Small);
            scores[n - 1] = Math.Pow(product, 1.0 / n) * penalty;
        }

        return scores;
    }
}
