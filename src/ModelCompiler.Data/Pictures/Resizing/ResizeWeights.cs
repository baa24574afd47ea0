namespace ModelCompiler.Data;

/// <summary>
/// For each pixel of a new row: where its old pixels begin, and their weights as whole numbers of 2^-22. Sums of products with bytes begin at
/// a half, are shifted and clamped; the result is exact in 32 bits, whatever the order of additions.
/// </summary>
internal sealed class ResizeWeights
{
    public const int Bits = 22;

    /// <summary>Added to every sum, so that shifting rounds.</summary>
    public const int Half = 1 << (Bits - 1);

    /// <summary>Weights are high x 2^15 + low, so that each part fits products of 16 bits; low is not negative.</summary>
    public const int LowBits = 15;

    // Training resizes crops of any size; evaluation the same sizes again and again.
    private const int MostKept = 64;

    private static readonly Lock s_lock = new();
    private static readonly Dictionary<(int From, int To, PictureFilter Filter), ResizeWeights> s_kept = [];

    private ResizeWeights(int from, int to, PictureFilter filter)
    {
        var scale = (double)from / to;
        var stretch = Math.Max(scale, 1);
        var support = FilterShape.Support(filter) * stretch;
        Size = to;
        Starts = new int[to];
        var counts = new int[to];
        for (var i = 0; i < to; i++)
        {
            var centre = (i + 0.5) * scale;
            Starts[i] = Math.Max(0, (int)(centre - support + 0.5));
            counts[i] = Math.Min(from, (int)(centre + support + 0.5)) - Starts[i];
        }

        // Groups of four. What is too much weighs nothing, and lies before the first where it would lie behind the old row.
        Taps = (counts.Max() + 3) / 4 * 4;
        Values = new int[checked(to * Taps)];
        Span<double> weights = new double[Taps];
        for (var i = 0; i < to; i++)
        {
            var (start, sum) = (Starts[i], 0.0);
            for (var tap = 0; tap < counts[i]; tap++)
            {
                weights[tap] = FilterShape.Weight(filter, (tap + start - ((i + 0.5) * scale) + 0.5) * (1 / stretch));
                sum += weights[tap];
            }

            Starts[i] = Math.Min(start, Math.Max(0, from - Taps));
            for (var tap = 0; tap < counts[i]; tap++)
                Values[(i * Taps) + start - Starts[i] + tap] = Rounded(sum == 0 ? weights[tap] : weights[tap] / sum);
        }

        (High, Low) = (Pairs(static w => w >> LowBits), Pairs(static w => w & ((1 << LowBits) - 1)));
    }

    /// <summary>New pixels.</summary>
    public int Size { get; }

    /// <summary>Weights of each new pixel: a multiple of 4.</summary>
    public int Taps { get; }

    /// <summary>The first old pixel of each new one; all of <see cref="Taps"/> are in the row, or the row is shorter and at most 3 are behind it.</summary>
    public int[] Starts { get; }

    /// <summary>[size, taps].</summary>
    public int[] Values { get; }

    /// <summary>[size, taps / 2]: the high parts of two weights, 16 bits each.</summary>
    public int[] High { get; }

    /// <summary>[size, taps / 2]: the low parts.</summary>
    public int[] Low { get; }

    public static ResizeWeights Of(int from, int to, PictureFilter filter)
    {
        lock (s_lock)
        {
            if (s_kept.TryGetValue((from, to, filter), out var kept))
                return kept;
        }

        var weights = new ResizeWeights(from, to, filter);
        lock (s_lock)
        {
            if (s_kept.Count >= MostKept)
                s_kept.Clear();
            s_kept[(from, to, filter)] = weights;
        }

        return weights;
    }

    private static int Rounded(double weight) => (int)((weight * (1 << Bits)) + (weight < 0 ? -0.5 : 0.5));

    private int[] Pairs(Func<int, int> part)
    {
        var pairs = new int[Values.Length / 2];
        for (var i = 0; i < pairs.Length; i++)
            pairs[i] = (ushort)part(Values[2 * i]) | (part(Values[(2 * i) + 1]) << 16);
        return pairs;
    }
}
