using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>What becomes of a thread's part of 16 x 32 scores: of each 16 x 8, two neighbouring keys of a query and of the query eight below.</summary>
internal static class TensorScores
{
    /// <summary>Scores, scaled; -infinity where the query does not see the key.</summary>
    /// <param name="key">The thread's first key.</param>
    /// <param name="upper">One behind the last key that the upper query sees.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow Shown<M>(AttentionWork<M> a, int row, int key, int upper, int lower, TensorRow s)
        where M : struct, IMatrix
    {
        s.C0 = Shown(a, row, key, upper, lower, s.C0);
        s.C1 = Shown(a, row, key + 8, upper, lower, s.C1);
        s.C2 = Shown(a, row, key + 16, upper, lower, s.C2);
        s.C3 = Shown(a, row, key + 24, upper, lower, s.C3);
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

    /// <summary>Exponentials of scores less a shift of their query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow Exp(TensorRow s, float upper, float lower)
    {
        s.C0 = Exp(s.C0, upper, lower);
        s.C1 = Exp(s.C1, upper, lower);
        s.C2 = Exp(s.C2, upper, lower);
        s.C3 = Exp(s.C3, upper, lower);
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

    /// <summary>Slopes of scores: p (dp - mean) scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow Slopes(TensorRow p, TensorRow dp, float upper, float lower, float scale)
    {
        p.C0 = Slopes(p.C0, dp.C0, upper, lower, scale);
        p.C1 = Slopes(p.C1, dp.C1, upper, lower, scale);
        p.C2 = Slopes(p.C2, dp.C2, upper, lower, scale);
        p.C3 = Slopes(p.C3, dp.C3, upper, lower, scale);
        return p;
    }

    /// <summary>Of scores whose rows are keys and whose columns are queries: what dropout keeps of the probabilities, and the slopes.</summary>
    /// <param name="means">Of a tile of queries, from <paramref name="firstQuery"/> on, as are <paramref name="logSums"/>.</param>
    /// <param name="key">The upper row's.</param>
    /// <param name="query">The left column's, within the tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Quad Kept, Quad Slopes) OfKeys<TDropout, M>(
        AttentionWork<M> a, ArrayView<float> means, ArrayView<float> logSums, int key, float mask, float maskLower, int firstQuery, int line, int query, Quad s, Quad dp)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        var (left, right) = (a.Limit(firstQuery + query), a.Limit(firstQuery + query + 1));
        var (shift, shiftRight) = (logSums[query], logSums[query + 1]);
        var (mean, meanRight) = (means[query], means[query + 1]);
        Quad p, keep, slopes;
        p.A = AttentionScores.Exp(key < left ? (a.Scale * s.A) + mask : float.NegativeInfinity, shift);
        p.B = AttentionScores.Exp(key < right ? (a.Scale * s.B) + mask : float.NegativeInfinity, shiftRight);
        p.C = AttentionScores.Exp(key + 8 < left ? (a.Scale * s.C) + maskLower : float.NegativeInfinity, shift);
        p.D = AttentionScores.Exp(key + 8 < right ? (a.Scale * s.D) + maskLower : float.NegativeInfinity, shiftRight);
        keep.A = a.Keep<TDropout>(line + query, key);
        keep.B = a.Keep<TDropout>(line + query + 1, key);
        keep.C = a.Keep<TDropout>(line + query, key + 8);
        keep.D = a.Keep<TDropout>(line + query + 1, key + 8);
        slopes.A = p.A * (((dp.A * keep.A) - mean) * a.Scale);
        slopes.B = p.B * (((dp.B * keep.B) - meanRight) * a.Scale);
        slopes.C = p.C * (((dp.C * keep.C) - mean) * a.Scale);
        slopes.D = p.D * (((dp.D * keep.D) - meanRight) * a.Scale);
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
    private static Quad Shown<M>(AttentionWork<M> a, int row, int key, int upper, int lower, Quad s)
        where M : struct, IMatrix
    {
        var (left, right) = (a.Mask(row, key), a.Mask(row, key + 1));
        s.A = key < upper ? (a.Scale * s.A) + left : float.NegativeInfinity;
        s.B = key + 1 < upper ? (a.Scale * s.B) + right : float.NegativeInfinity;
        s.C = key < lower ? (a.Scale * s.C) + left : float.NegativeInfinity;
        s.D = key + 1 < lower ? (a.Scale * s.D) + right : float.NegativeInfinity;
        return s;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Slopes(Quad p, Quad dp, float upper, float lower, float scale)
    {
        p.A *= (dp.A - upper) * scale;
        p.B *= (dp.B - upper) * scale;
        p.C *= (dp.C - lower) * scale;
        p.D *= (dp.D - lower) * scale;
        return p;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Exp(Quad s, float upper, float lower)
    {
        s.A = AttentionScores.Exp(s.A, upper);
        s.B = AttentionScores.Exp(s.B, upper);
        s.C = AttentionScores.Exp(s.C, lower);
        s.D = AttentionScores.Exp(s.D, lower);
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
