namespace ModelCompiler.Runtime;

/// <summary>
/// Weights of bicubic resampling along one axis, as torch.nn.functional.interpolate(mode="bicubic", align_corners=False) has them: the centres of places are
/// mapped onto each other. Without antialias a = -0.75 and what lies outside counts as the edge; with antialias a = -0.5, the cubic is as wide as
/// what it shrinks, is cut at the edges and sums to 1 (Keys 1981).
/// </summary>
internal static class BicubicWeights
{
    /// <summary>The places that a new place is made of, and how much of each; a place may come twice.</summary>
    /// <param name="to">The new place, below <paramref name="toCount"/>.</param>
    public static (int Index, double Weight)[] Of(int to, int fromCount, int toCount, bool antialias)
    {
        var center = (to + 0.5) * fromCount / toCount;
        return antialias ? Widened(center, fromCount, Math.Max(1, (double)fromCount / toCount)) : Interpolated(center - 0.5, fromCount);
    }

    private static (int Index, double Weight)[] Interpolated(double center, int count)
    {
        var first = (int)Math.Floor(center);
        return [.. Enumerable.Range(first - 1, 4).Select(i => (Math.Clamp(i, 0, count - 1), Cubic(Math.Abs(center - i), -0.75)))];
    }

    private static (int Index, double Weight)[] Widened(double center, int count, double scale)
    {
        var first = Math.Max((int)(center - (2 * scale) + 0.5), 0);
        var end = Math.Min((int)(center + (2 * scale) + 0.5), count);
        var weights = Enumerable.Range(first, end - first).Select(i => (Index: i, Weight: Cubic(Math.Abs(i - center + 0.5) / scale, -0.5))).ToArray();
        var sum = weights.Sum(static w => w.Weight);
        return [.. weights.Select(w => (w.Index, w.Weight / sum))];
    }

    private static double Cubic(double d, double a) =>
        d <= 1 ? ((((a + 2) * d) - (a + 3)) * d * d) + 1 : d < 2 ? (((((a * d) - (5 * a)) * d) + (8 * a)) * d) - (4 * a) : 0;
}
