using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>What becomes of a thread's part of 16 x 32 scores: of each 16 x 8, two neighbouring keys of a query and of the query eight below.</summary>
internal static class TensorScores
{
    /// <summary>e^x is 2^(1.44... x).</summary>
    public const float Log2OfE = 1.44269504f;

    /// <summary>Scores, or -infinity where the query does not see the key.</summary>
    /// <param name="upper">Keys from the thread's first on that the upper query sees.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow Seen(TensorRow s, int upper, int lower)
    {
        s.C0 = Seen(s.C0, upper > 0, upper > 1, lower > 0, lower > 1);
        s.C1 = Seen(s.C1, upper > 8, upper > 9, lower > 8, lower > 9);
        s.C2 = Seen(s.C2, upper > 16, upper > 17, lower > 16, lower > 17);
        s.C3 = Seen(s.C3, upper > 24, upper > 25, lower > 24, lower > 25);
        return s;
    }

    /// <summary>The same of causal scores whose rows are keys and whose columns are queries.</summary>
    /// <param name="first">Keys from the thread's upper on that its first query sees: of each query one more than of the one before.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow SeenOfKeys(TensorRow s, int first)
    {
        s.C0 = Seen(s.C0, first > 0, first > -1, first > 8, first > 7);
        s.C1 = Seen(s.C1, first > -8, first > -9, first > 0, first > -1);
        s.C2 = Seen(s.C2, first > -16, first > -17, first > -8, first > -9);
        s.C3 = Seen(s.C3, first > -24, first > -25, first > -16, first > -17);
        return s;
    }

    /// <summary>Scores, or -infinity where the mask hides the key.</summary>
    /// <param name="key">The thread's first.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow Shown<M>(AttentionWork<M> a, int row, int key, TensorRow s)
        where M : struct, IMatrix
    {
        s.C0 = Shown(a, row, key, s.C0);
        s.C1 = Shown(a, row, key + 8, s.C1);
        s.C2 = Shown(a, row, key + 16, s.C2);
        s.C3 = Shown(a, row, key + 24, s.C3);
        return s;
    }

    /// <summary>The greatest score of the upper query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LargestUpper(TensorRow s) => DeviceMath.Max(
        DeviceMath.Max(DeviceMath.Max(s.C0.A, s.C0.B), DeviceMath.Max(s.C1.A, s.C1.B)), DeviceMath.Max(DeviceMath.Max(s.C2.A, s.C2.B), DeviceMath.Max(s.C3.A, s.C3.B)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LargestLower(TensorRow s) => DeviceMath.Max(
        DeviceMath.Max(DeviceMath.Max(s.C0.C, s.C0.D), DeviceMath.Max(s.C1.C, s.C1.D)), DeviceMath.Max(DeviceMath.Max(s.C2.C, s.C2.D), DeviceMath.Max(s.C3.C, s.C3.D)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumUpper(TensorRow s) => ((s.C0.A + s.C0.B) + (s.C1.A + s.C1.B)) + ((s.C2.A + s.C2.B) + (s.C3.A + s.C3.B));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumLower(TensorRow s) => ((s.C0.C + s.C0.D) + (s.C1.C + s.C1.D)) + ((s.C2.C + s.C2.D) + (s.C3.C + s.C3.D));

    /// <summary>Powers of 2 of scores, scaled, less a shift of their query.</summary>
    /// <param name="scale">Of scores as exponents of 2; above 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow Exp2(TensorRow s, float scale, float upper, float lower)
    {
        s.C0 = Exp2(s.C0, scale, upper, lower);
        s.C1 = Exp2(s.C1, scale, upper, lower);
        s.C2 = Exp2(s.C2, scale, upper, lower);
        s.C3 = Exp2(s.C3, scale, upper, lower);
        return s;
    }

    /// <summary>What dropout leaves of probabilities.</summary>
    /// <param name="line">Number of the upper query among those of all rows and heads.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow Kept<TDropout, M>(AttentionWork<M> a, int line, int key, TensorRow s)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        s.C0 = Kept<TDropout, M>(a, line, key, s.C0);
        s.C1 = Kept<TDropout, M>(a, line, key + 8, s.C1);
        s.C2 = Kept<TDropout, M>(a, line, key + 16, s.C2);
        s.C3 = Kept<TDropout, M>(a, line, key + 24, s.C3);
        return s;
    }

    /// <summary>Slopes of scores, but for the scale: p (dp - mean).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow Slopes(TensorRow p, TensorRow dp, float upper, float lower)
    {
        p.C0 = Slopes(p.C0, dp.C0, upper, lower);
        p.C1 = Slopes(p.C1, dp.C1, upper, lower);
        p.C2 = Slopes(p.C2, dp.C2, upper, lower);
        p.C3 = Slopes(p.C3, dp.C3, upper, lower);
        return p;
    }

    /// <summary>Of scores whose rows are keys and whose columns are queries: what dropout keeps of the probabilities, and slopes of scores, but for the scale.</summary>
    /// <param name="scale">Of scores as exponents of 2.</param>
    /// <param name="queries">Shift and mean of the left query, shift and mean of the right.</param>
    /// <param name="line">Number of the left query among those of all rows and heads.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Quad Kept, Quad Slopes) OfKeys<TDropout, M>(AttentionWork<M> a, float scale, Quad queries, int line, int key, Quad s, Quad dp)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        Quad p, keep, slopes;
        p.A = TensorCore.Exp2((scale * s.A) - queries.A);
        p.B = TensorCore.Exp2((scale * s.B) - queries.C);
        p.C = TensorCore.Exp2((scale * s.C) - queries.A);
        p.D = TensorCore.Exp2((scale * s.D) - queries.C);
        keep.A = a.Keep<TDropout>(line, key);
        keep.B = a.Keep<TDropout>(line + 1, key);
        keep.C = a.Keep<TDropout>(line, key + 8);
        keep.D = a.Keep<TDropout>(line + 1, key + 8);
        slopes.A = p.A * ((dp.A * keep.A) - queries.B);
        slopes.B = p.B * ((dp.B * keep.B) - queries.D);
        slopes.C = p.C * ((dp.C * keep.C) - queries.B);
        slopes.D = p.D * ((dp.D * keep.D) - queries.D);
        p.A *= keep.A;
        p.B *= keep.B;
        p.C *= keep.C;
        p.D *= keep.D;
        return (p, slopes);
    }

    /// <summary>16 x 16 probabilities or slopes, rounded, in the order in which they are multiplied: as A's fragments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words Rounded(Quad left, Quad right) => new()
    {
        A = TensorCore.Pack(left.B, left.A),
        B = TensorCore.Pack(left.D, left.C),
        C = TensorCore.Pack(right.B, right.A),
        D = TensorCore.Pack(right.D, right.C),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Shown<M>(AttentionWork<M> a, int row, int key, Quad s)
        where M : struct, IMatrix
    {
        var (left, right) = (a.MaskShows(row, key), a.MaskShows(row, key + 1));
        return Seen(s, left, right, left, right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Seen(Quad s, bool a, bool b, bool c, bool d)
    {
        s.A = a ? s.A : float.NegativeInfinity;
        s.B = b ? s.B : float.NegativeInfinity;
        s.C = c ? s.C : float.NegativeInfinity;
        s.D = d ? s.D : float.NegativeInfinity;
        return s;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Slopes(Quad p, Quad dp, float upper, float lower)
    {
        p.A *= dp.A - upper;
        p.B *= dp.B - upper;
        p.C *= dp.C - lower;
        p.D *= dp.D - lower;
        return p;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Exp2(Quad s, float scale, float upper, float lower)
    {
        s.A = TensorCore.Exp2((scale * s.A) - upper);
        s.B = TensorCore.Exp2((scale * s.B) - upper);
        s.C = TensorCore.Exp2((scale * s.C) - lower);
        s.D = TensorCore.Exp2((scale * s.D) - lower);
        return s;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Kept<TDropout, M>(AttentionWork<M> a, int line, int key, Quad s)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        s.A *= a.Keep<TDropout>(line, key);
        s.B *= a.Keep<TDropout>(line, key + 1);
        s.C *= a.Keep<TDropout>(line + 8, key);
        s.D *= a.Keep<TDropout>(line + 8, key + 1);
        return s;
    }
}
