// Written by make-tiles.sh.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>Tiles of 12 rows by 2 vectors of 16: 24 sums, 2 of b and 1 of a fill 27 of 32 registers.</summary>
internal static unsafe class Tiles512
{
    /// <summary>c [12, 32] (+)= sum over k of a[k lda + row] b[k ldb + column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Packed(int depth, float* a, nint lda, float* b, nint ldb, float* c, nint ldc, bool adds)
    {
        var p0 = Vector512<float>.Zero;
        var q0 = Vector512<float>.Zero;
        var p1 = Vector512<float>.Zero;
        var q1 = Vector512<float>.Zero;
        var p2 = Vector512<float>.Zero;
        var q2 = Vector512<float>.Zero;
        var p3 = Vector512<float>.Zero;
        var q3 = Vector512<float>.Zero;
        var p4 = Vector512<float>.Zero;
        var q4 = Vector512<float>.Zero;
        var p5 = Vector512<float>.Zero;
        var q5 = Vector512<float>.Zero;
        var p6 = Vector512<float>.Zero;
        var q6 = Vector512<float>.Zero;
        var p7 = Vector512<float>.Zero;
        var q7 = Vector512<float>.Zero;
        var p8 = Vector512<float>.Zero;
        var q8 = Vector512<float>.Zero;
        var p9 = Vector512<float>.Zero;
        var q9 = Vector512<float>.Zero;
        var p10 = Vector512<float>.Zero;
        var q10 = Vector512<float>.Zero;
        var p11 = Vector512<float>.Zero;
        var q11 = Vector512<float>.Zero;
        for (var i = 0; i < 12; i++)
        {
            Sse.Prefetch0(c + (i * ldc));
            Sse.Prefetch0(c + (i * ldc) + 16);
        }

        do
        {
            var u = Vector512.Load(b);
            var v = Vector512.Load(b + 16);
            b += ldb;
            Vector512<float> x;
            x = Vector512.Create(a[0]);
            p0 = Vector512.FusedMultiplyAdd(x, u, p0);
            q0 = Vector512.FusedMultiplyAdd(x, v, q0);
            x = Vector512.Create(a[1]);
            p1 = Vector512.FusedMultiplyAdd(x, u, p1);
            q1 = Vector512.FusedMultiplyAdd(x, v, q1);
            x = Vector512.Create(a[2]);
            p2 = Vector512.FusedMultiplyAdd(x, u, p2);
            q2 = Vector512.FusedMultiplyAdd(x, v, q2);
            x = Vector512.Create(a[3]);
            p3 = Vector512.FusedMultiplyAdd(x, u, p3);
            q3 = Vector512.FusedMultiplyAdd(x, v, q3);
            x = Vector512.Create(a[4]);
            p4 = Vector512.FusedMultiplyAdd(x, u, p4);
            q4 = Vector512.FusedMultiplyAdd(x, v, q4);
            x = Vector512.Create(a[5]);
            p5 = Vector512.FusedMultiplyAdd(x, u, p5);
            q5 = Vector512.FusedMultiplyAdd(x, v, q5);
            x = Vector512.Create(a[6]);
            p6 = Vector512.FusedMultiplyAdd(x, u, p6);
            q6 = Vector512.FusedMultiplyAdd(x, v, q6);
            x = Vector512.Create(a[7]);
            p7 = Vector512.FusedMultiplyAdd(x, u, p7);
            q7 = Vector512.FusedMultiplyAdd(x, v, q7);
            x = Vector512.Create(a[8]);
            p8 = Vector512.FusedMultiplyAdd(x, u, p8);
            q8 = Vector512.FusedMultiplyAdd(x, v, q8);
            x = Vector512.Create(a[9]);
            p9 = Vector512.FusedMultiplyAdd(x, u, p9);
            q9 = Vector512.FusedMultiplyAdd(x, v, q9);
            x = Vector512.Create(a[10]);
            p10 = Vector512.FusedMultiplyAdd(x, u, p10);
            q10 = Vector512.FusedMultiplyAdd(x, v, q10);
            x = Vector512.Create(a[11]);
            p11 = Vector512.FusedMultiplyAdd(x, u, p11);
            q11 = Vector512.FusedMultiplyAdd(x, v, q11);
            a += lda;
        }
        while (--depth > 0);

        if (adds)
        {
            p0 += Vector512.Load(c + (0 * ldc));
            q0 += Vector512.Load(c + (0 * ldc) + 16);
            p1 += Vector512.Load(c + (1 * ldc));
            q1 += Vector512.Load(c + (1 * ldc) + 16);
            p2 += Vector512.Load(c + (2 * ldc));
            q2 += Vector512.Load(c + (2 * ldc) + 16);
            p3 += Vector512.Load(c + (3 * ldc));
            q3 += Vector512.Load(c + (3 * ldc) + 16);
            p4 += Vector512.Load(c + (4 * ldc));
            q4 += Vector512.Load(c + (4 * ldc) + 16);
            p5 += Vector512.Load(c + (5 * ldc));
            q5 += Vector512.Load(c + (5 * ldc) + 16);
            p6 += Vector512.Load(c + (6 * ldc));
            q6 += Vector512.Load(c + (6 * ldc) + 16);
            p7 += Vector512.Load(c + (7 * ldc));
            q7 += Vector512.Load(c + (7 * ldc) + 16);
            p8 += Vector512.Load(c + (8 * ldc));
            q8 += Vector512.Load(c + (8 * ldc) + 16);
            p9 += Vector512.Load(c + (9 * ldc));
            q9 += Vector512.Load(c + (9 * ldc) + 16);
            p10 += Vector512.Load(c + (10 * ldc));
            q10 += Vector512.Load(c + (10 * ldc) + 16);
            p11 += Vector512.Load(c + (11 * ldc));
            q11 += Vector512.Load(c + (11 * ldc) + 16);
        }

        p0.Store(c + (0 * ldc));
        q0.Store(c + (0 * ldc) + 16);
        p1.Store(c + (1 * ldc));
        q1.Store(c + (1 * ldc) + 16);
        p2.Store(c + (2 * ldc));
        q2.Store(c + (2 * ldc) + 16);
        p3.Store(c + (3 * ldc));
        q3.Store(c + (3 * ldc) + 16);
        p4.Store(c + (4 * ldc));
        q4.Store(c + (4 * ldc) + 16);
        p5.Store(c + (5 * ldc));
        q5.Store(c + (5 * ldc) + 16);
        p6.Store(c + (6 * ldc));
        q6.Store(c + (6 * ldc) + 16);
        p7.Store(c + (7 * ldc));
        q7.Store(c + (7 * ldc) + 16);
        p8.Store(c + (8 * ldc));
        q8.Store(c + (8 * ldc) + 16);
        p9.Store(c + (9 * ldc));
        q9.Store(c + (9 * ldc) + 16);
        p10.Store(c + (10 * ldc));
        q10.Store(c + (10 * ldc) + 16);
        p11.Store(c + (11 * ldc));
        q11.Store(c + (11 * ldc) + 16);
    }

    /// <summary>c [12, 32] (+)= sum over k of a[row lda + k] b[k ldb + column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows(int depth, float* a, nint lda, float* b, nint ldb, float* c, nint ldc, bool adds)
    {
        var p0 = Vector512<float>.Zero;
        var q0 = Vector512<float>.Zero;
        var p1 = Vector512<float>.Zero;
        var q1 = Vector512<float>.Zero;
        var p2 = Vector512<float>.Zero;
        var q2 = Vector512<float>.Zero;
        var p3 = Vector512<float>.Zero;
        var q3 = Vector512<float>.Zero;
        var p4 = Vector512<float>.Zero;
        var q4 = Vector512<float>.Zero;
        var p5 = Vector512<float>.Zero;
        var q5 = Vector512<float>.Zero;
        var p6 = Vector512<float>.Zero;
        var q6 = Vector512<float>.Zero;
        var p7 = Vector512<float>.Zero;
        var q7 = Vector512<float>.Zero;
        var p8 = Vector512<float>.Zero;
        var q8 = Vector512<float>.Zero;
        var p9 = Vector512<float>.Zero;
        var q9 = Vector512<float>.Zero;
        var p10 = Vector512<float>.Zero;
        var q10 = Vector512<float>.Zero;
        var p11 = Vector512<float>.Zero;
        var q11 = Vector512<float>.Zero;
        for (var i = 0; i < 12; i++)
        {
            Sse.Prefetch0(c + (i * ldc));
            Sse.Prefetch0(c + (i * ldc) + 16);
        }

        var a0 = a + (0 * lda);
        var a1 = a + (3 * lda);
        var a2 = a + (6 * lda);
        var a3 = a + (9 * lda);
        var twice = 2 * lda;
        do
        {
            var u = Vector512.Load(b);
            var v = Vector512.Load(b + 16);
            b += ldb;
            Vector512<float> x;
            x = Vector512.Create(a0[0]);
            p0 = Vector512.FusedMultiplyAdd(x, u, p0);
            q0 = Vector512.FusedMultiplyAdd(x, v, q0);
            x = Vector512.Create(a0[lda]);
            p1 = Vector512.FusedMultiplyAdd(x, u, p1);
            q1 = Vector512.FusedMultiplyAdd(x, v, q1);
            x = Vector512.Create(a0[twice]);
            p2 = Vector512.FusedMultiplyAdd(x, u, p2);
            q2 = Vector512.FusedMultiplyAdd(x, v, q2);
            x = Vector512.Create(a1[0]);
            p3 = Vector512.FusedMultiplyAdd(x, u, p3);
            q3 = Vector512.FusedMultiplyAdd(x, v, q3);
            x = Vector512.Create(a1[lda]);
            p4 = Vector512.FusedMultiplyAdd(x, u, p4);
            q4 = Vector512.FusedMultiplyAdd(x, v, q4);
            x = Vector512.Create(a1[twice]);
            p5 = Vector512.FusedMultiplyAdd(x, u, p5);
            q5 = Vector512.FusedMultiplyAdd(x, v, q5);
            x = Vector512.Create(a2[0]);
            p6 = Vector512.FusedMultiplyAdd(x, u, p6);
            q6 = Vector512.FusedMultiplyAdd(x, v, q6);
            x = Vector512.Create(a2[lda]);
            p7 = Vector512.FusedMultiplyAdd(x, u, p7);
            q7 = Vector512.FusedMultiplyAdd(x, v, q7);
            x = Vector512.Create(a2[twice]);
            p8 = Vector512.FusedMultiplyAdd(x, u, p8);
            q8 = Vector512.FusedMultiplyAdd(x, v, q8);
            x = Vector512.Create(a3[0]);
            p9 = Vector512.FusedMultiplyAdd(x, u, p9);
            q9 = Vector512.FusedMultiplyAdd(x, v, q9);
            x = Vector512.Create(a3[lda]);
            p10 = Vector512.FusedMultiplyAdd(x, u, p10);
            q10 = Vector512.FusedMultiplyAdd(x, v, q10);
            x = Vector512.Create(a3[twice]);
            p11 = Vector512.FusedMultiplyAdd(x, u, p11);
            q11 = Vector512.FusedMultiplyAdd(x, v, q11);
            a0++;
            a1++;
            a2++;
            a3++;
        }
        while (--depth > 0);

        if (adds)
        {
            p0 += Vector512.Load(c + (0 * ldc));
            q0 += Vector512.Load(c + (0 * ldc) + 16);
            p1 += Vector512.Load(c + (1 * ldc));
            q1 += Vector512.Load(c + (1 * ldc) + 16);
            p2 += Vector512.Load(c + (2 * ldc));
            q2 += Vector512.Load(c + (2 * ldc) + 16);
            p3 += Vector512.Load(c + (3 * ldc));
            q3 += Vector512.Load(c + (3 * ldc) + 16);
            p4 += Vector512.Load(c + (4 * ldc));
            q4 += Vector512.Load(c + (4 * ldc) + 16);
            p5 += Vector512.Load(c + (5 * ldc));
            q5 += Vector512.Load(c + (5 * ldc) + 16);
            p6 += Vector512.Load(c + (6 * ldc));
            q6 += Vector512.Load(c + (6 * ldc) + 16);
            p7 += Vector512.Load(c + (7 * ldc));
            q7 += Vector512.Load(c + (7 * ldc) + 16);
            p8 += Vector512.Load(c + (8 * ldc));
            q8 += Vector512.Load(c + (8 * ldc) + 16);
            p9 += Vector512.Load(c + (9 * ldc));
            q9 += Vector512.Load(c + (9 * ldc) + 16);
            p10 += Vector512.Load(c + (10 * ldc));
            q10 += Vector512.Load(c + (10 * ldc) + 16);
            p11 += Vector512.Load(c + (11 * ldc));
            q11 += Vector512.Load(c + (11 * ldc) + 16);
        }

        p0.Store(c + (0 * ldc));
        q0.Store(c + (0 * ldc) + 16);
        p1.Store(c + (1 * ldc));
        q1.Store(c + (1 * ldc) + 16);
        p2.Store(c + (2 * ldc));
        q2.Store(c + (2 * ldc) + 16);
        p3.Store(c + (3 * ldc));
        q3.Store(c + (3 * ldc) + 16);
        p4.Store(c + (4 * ldc));
        q4.Store(c + (4 * ldc) + 16);
        p5.Store(c + (5 * ldc));
        q5.Store(c + (5 * ldc) + 16);
        p6.Store(c + (6 * ldc));
        q6.Store(c + (6 * ldc) + 16);
        p7.Store(c + (7 * ldc));
        q7.Store(c + (7 * ldc) + 16);
        p8.Store(c + (8 * ldc));
        q8.Store(c + (8 * ldc) + 16);
        p9.Store(c + (9 * ldc));
        q9.Store(c + (9 * ldc) + 16);
        p10.Store(c + (10 * ldc));
        q10.Store(c + (10 * ldc) + 16);
        p11.Store(c + (11 * ldc));
        q11.Store(c + (11 * ldc) + 16);
    }
}
