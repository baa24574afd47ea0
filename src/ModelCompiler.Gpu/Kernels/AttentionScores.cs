using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>What becomes of a thread's part of a row of scores: query or key of the row, and the others of its eight columns.</summary>
internal static class AttentionScores
{
    /// <summary>What is added to the scores of a thread's eight keys: 0, or -infinity where there is no such key or the mask hides it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight Mask<M>(AttentionWork<M> a, int row, int firstKey, int thread)
        where M : struct, IMatrix
    {
        var left = firstKey + (4 * (thread % 8));
        var right = left + 32;
        Eight e;
        e.A = a.Mask(row, left);
        e.B = a.Mask(row, left + 1);
        e.C = a.Mask(row, left + 2);
        e.D = a.Mask(row, left + 3);
        e.E = a.Mask(row, right);
        e.F = a.Mask(row, right + 1);
        e.G = a.Mask(row, right + 2);
        e.H = a.Mask(row, right + 3);
        return e;
    }

    /// <summary>One behind the last key that each of a thread's eight queries sees; 0 where there is no such query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight Limits<M>(AttentionWork<M> a, int firstQuery, int thread)
        where M : struct, IMatrix
    {
        var left = firstQuery + (4 * (thread % 8));
        var right = left + 32;
        Eight e;
        e.A = a.Limit(left);
        e.B = a.Limit(left + 1);
        e.C = a.Limit(left + 2);
        e.D = a.Limit(left + 3);
        e.E = a.Limit(right);
        e.F = a.Limit(right + 1);
        e.G = a.Limit(right + 2);
        e.H = a.Limit(right + 3);
        return e;
    }

    /// <summary>Scores of one query and eight keys: scaled, or -infinity where the query does not see the key.</summary>
    /// <param name="limit">One behind the last key that the query sees.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight Shown(float scale, Eight mask, int limit, int firstKey, int thread, Eight e)
    {
        var left = firstKey + (4 * (thread % 8));
        var right = left + 32;
        e.A = left < limit ? (scale * e.A) + mask.A : float.NegativeInfinity;
        e.B = left + 1 < limit ? (scale * e.B) + mask.B : float.NegativeInfinity;
        e.C = left + 2 < limit ? (scale * e.C) + mask.C : float.NegativeInfinity;
        e.D = left + 3 < limit ? (scale * e.D) + mask.D : float.NegativeInfinity;
        e.E = right < limit ? (scale * e.E) + mask.E : float.NegativeInfinity;
        e.F = right + 1 < limit ? (scale * e.F) + mask.F : float.NegativeInfinity;
        e.G = right + 2 < limit ? (scale * e.G) + mask.G : float.NegativeInfinity;
        e.H = right + 3 < limit ? (scale * e.H) + mask.H : float.NegativeInfinity;
        return e;
    }

    /// <summary>Scores of one key and eight queries: scaled, or -infinity where the query does not see the key.</summary>
    /// <param name="mask">0, or -infinity where the key is hidden.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight ShownOfKey(float scale, float mask, Eight limits, int key, Eight e)
    {
        e.A = key < limits.A ? (scale * e.A) + mask : float.NegativeInfinity;
        e.B = key < limits.B ? (scale * e.B) + mask : float.NegativeInfinity;
        e.C = key < limits.C ? (scale * e.C) + mask : float.NegativeInfinity;
        e.D = key < limits.D ? (scale * e.D) + mask : float.NegativeInfinity;
        e.E = key < limits.E ? (scale * e.E) + mask : float.NegativeInfinity;
        e.F = key < limits.F ? (scale * e.F) + mask : float.NegativeInfinity;
        e.G = key < limits.G ? (scale * e.G) + mask : float.NegativeInfinity;
        e.H = key < limits.H ? (scale * e.H) + mask : float.NegativeInfinity;
        return e;
    }

    /// <summary>e to the power of a score less a shift a shift; 0 where the key is hidden.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight Exp(Eight e, Eight shift)
    {
        e.A = Exp(e.A, shift.A);
        e.B = Exp(e.B, shift.B);
        e.C = Exp(e.C, shift.C);
        e.D = Exp(e.D, shift.D);
        e.E = Exp(e.E, shift.E);
        e.F = Exp(e.F, shift.F);
        e.G = Exp(e.G, shift.G);
        e.H = Exp(e.H, shift.H);
        return e;
    }

    /// <summary>Dropout's factors for one query and eight keys; 1 where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight Keep<TDropout, M>(AttentionWork<M> a, int line, int firstKey, int thread)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        var left = firstKey + (4 * (thread % 8));
        var right = left + 32;
        Eight e;
        e.A = a.Keep<TDropout>(line, left);
        e.B = a.Keep<TDropout>(line, left + 1);
        e.C = a.Keep<TDropout>(line, left + 2);
        e.D = a.Keep<TDropout>(line, left + 3);
        e.E = a.Keep<TDropout>(line, right);
        e.F = a.Keep<TDropout>(line, right + 1);
        e.G = a.Keep<TDropout>(line, right + 2);
        e.H = a.Keep<TDropout>(line, right + 3);
        return e;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight Multiply(Eight a, Eight b)
    {
        a.A *= b.A;
        a.B *= b.B;
        a.C *= b.C;
        a.D *= b.D;
        a.E *= b.E;
        a.F *= b.F;
        a.G *= b.G;
        a.H *= b.H;
        return a;
    }

    /// <summary>Slopes of scores: p (dp - mean) scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight Slopes(Eight p, Eight dp, Eight mean, float scale)
    {
        p.A *= (dp.A - mean.A) * scale;
        p.B *= (dp.B - mean.B) * scale;
        p.C *= (dp.C - mean.C) * scale;
        p.D *= (dp.D - mean.D) * scale;
        p.E *= (dp.E - mean.E) * scale;
        p.F *= (dp.F - mean.F) * scale;
        p.G *= (dp.G - mean.G) * scale;
        p.H *= (dp.H - mean.H) * scale;
        return p;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exp(float score, float shift) => score == float.NegativeInfinity ? 0f : DeviceMath.Exp(score - shift);
}
