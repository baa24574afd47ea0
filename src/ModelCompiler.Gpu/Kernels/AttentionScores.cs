using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>What becomes of a thread's part of a row of scores: query or key of the row, and the others of its eight columns.</summary>
internal static class AttentionScores
{
    /// <summary>Scores of one query and eight keys: scaled, or -infinity where the query does not see the key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight Shown(AttentionWork a, int row, int query, int firstKey, int thread, Eight e)
    {
        var left = firstKey + (4 * (thread % 8));
        var right = left + 32;
        e.A = a.Sees(row, query, left) ? a.Scale * e.A : float.NegativeInfinity;
        e.B = a.Sees(row, query, left + 1) ? a.Scale * e.B : float.NegativeInfinity;
        e.C = a.Sees(row, query, left + 2) ? a.Scale * e.C : float.NegativeInfinity;
        e.D = a.Sees(row, query, left + 3) ? a.Scale * e.D : float.NegativeInfinity;
        e.E = a.Sees(row, query, right) ? a.Scale * e.E : float.NegativeInfinity;
        e.F = a.Sees(row, query, right + 1) ? a.Scale * e.F : float.NegativeInfinity;
        e.G = a.Sees(row, query, right + 2) ? a.Scale * e.G : float.NegativeInfinity;
        e.H = a.Sees(row, query, right + 3) ? a.Scale * e.H : float.NegativeInfinity;
        return e;
    }

    /// <summary>Scores of one key and eight queries: scaled, or -infinity where the query does not see the key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight ShownOfKey(AttentionWork a, int row, int key, int firstQuery, int thread, Eight e)
    {
        var left = firstQuery + (4 * (thread % 8));
        var right = left + 32;
        e.A = a.Sees(row, left, key) ? a.Scale * e.A : float.NegativeInfinity;
        e.B = a.Sees(row, left + 1, key) ? a.Scale * e.B : float.NegativeInfinity;
        e.C = a.Sees(row, left + 2, key) ? a.Scale * e.C : float.NegativeInfinity;
        e.D = a.Sees(row, left + 3, key) ? a.Scale * e.D : float.NegativeInfinity;
        e.E = a.Sees(row, right, key) ? a.Scale * e.E : float.NegativeInfinity;
        e.F = a.Sees(row, right + 1, key) ? a.Scale * e.F : float.NegativeInfinity;
        e.G = a.Sees(row, right + 2, key) ? a.Scale * e.G : float.NegativeInfinity;
        e.H = a.Sees(row, right + 3, key) ? a.Scale * e.H : float.NegativeInfinity;
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
    public static Eight Keep(AttentionWork a, int line, int firstKey, int thread)
    {
        var left = firstKey + (4 * (thread % 8));
        var right = left + 32;
        Eight e;
        e.A = a.Keep(line, left);
        e.B = a.Keep(line, left + 1);
        e.C = a.Keep(line, left + 2);
        e.D = a.Keep(line, left + 3);
        e.E = a.Keep(line, right);
        e.F = a.Keep(line, right + 1);
        e.G = a.Keep(line, right + 2);
        e.H = a.Keep(line, right + 3);
        return e;
    }

    /// <summary>The same for one key and eight queries.</summary>
    /// <param name="line">Number of the first query of the tile among those of all rows and heads.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight KeepOfKey(AttentionWork a, int line, int key, int thread)
    {
        var left = line + (4 * (thread % 8));
        var right = left + 32;
        Eight e;
        e.A = a.Keep(left, key);
        e.B = a.Keep(left + 1, key);
        e.C = a.Keep(left + 2, key);
        e.D = a.Keep(left + 3, key);
        e.E = a.Keep(right, key);
        e.F = a.Keep(right + 1, key);
        e.G = a.Keep(right + 2, key);
        e.H = a.Keep(right + 3, key);
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

    /// <summary>Slopes of scores: p (dp keep - mean) scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight Slopes(Eight p, Eight dp, Eight keep, Eight mean, float scale)
    {
        p.A *= ((dp.A * keep.A) - mean.A) * scale;
        p.B *= ((dp.B * keep.B) - mean.B) * scale;
        p.C *= ((dp.C * keep.C) - mean.C) * scale;
        p.D *= ((dp.D * keep.D) - mean.D) * scale;
        p.E *= ((dp.E * keep.E) - mean.E) * scale;
        p.F *= ((dp.F * keep.F) - mean.F) * scale;
        p.G *= ((dp.G * keep.G) - mean.G) * scale;
        p.H *= ((dp.H * keep.H) - mean.H) * scale;
        return p;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exp(float score, float shift) => score == float.NegativeInfinity ? 0f : DeviceMath.Exp(score - shift);
}
