// Written by make-tiles.sh.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>Tiles of 6 rows by 2 vectors of 4: 12 sums, 2 of b and 1 of a fill 15 of 16 registers.</summary>
internal static unsafe class Tiles128
{
    /// <summary>c [6, 8] (+)= sum over k of a[k lda + row] b[k ldb + column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Packed(int depth, float* a, nint lda, float* b, nint ldb, float* c, nint ldc, bool adds)
    {
        var p0 = Vector128<float>.Zero;
        var q0 = Vector128<float>.Zero;
        var p1 = Vector128<float>.Zero;
        var q1 = Vector128<float>.Zero;
        var p2 = Vector128<float>.Zero;
        var q2 = Vector128<float>.Zero;
        var p3 = Vector128<float>.Zero;
        var q3 = Vector128<float>.Zero;
        var p4 = Vector128<float>.Zero;
        var q4 = Vector128<float>.Zero;
        var p5 = Vector128<float>.Zero;
        var q5 = Vector128<float>.Zero;
        do
        {
            var u = Vector128.Load(b);
            var v = Vector128.Load(b + 4);
            b += ldb;
            Vector128<float> x;
            x = Vector128.Create(a[0]);
            p0 = Vector128.FusedMultiplyAdd(x, u, p0);
            q0 = Vector128.FusedMultiplyAdd(x, v, q0);
            x = Vector128.Create(a[1]);
            p1 = Vector128.FusedMultiplyAdd(x, u, p1);
            q1 = Vector128.FusedMultiplyAdd(x, v, q1);
            x = Vector128.Create(a[2]);
            p2 = Vector128.FusedMultiplyAdd(x, u, p2);
            q2 = Vector128.FusedMultiplyAdd(x, v, q2);
            x = Vector128.Create(a[3]);
            p3 = Vector128.FusedMultiplyAdd(x, u, p3);
            q3 = Vector128.FusedMultiplyAdd(x, v, q3);
            x = Vector128.Create(a[4]);
            p4 = Vector128.FusedMultiplyAdd(x, u, p4);
            q4 = Vector128.FusedMultiplyAdd(x, v, q4);
            x = Vector128.Create(a[5]);
            p5 = Vector128.FusedMultiplyAdd(x, u, p5);
            q5 = Vector128.FusedMultiplyAdd(x, v, q5);
            a += lda;
        }
        while (--depth > 0);

        if (adds)
        {
            p0 += Vector128.Load(c + (0 * ldc));
            q0 += Vector128.Load(c + (0 * ldc) + 4);
            p1 += Vector128.Load(c + (1 * ldc));
            q1 += Vector128.Load(c + (1 * ldc) + 4);
            p2 += Vector128.Load(c + (2 * ldc));
            q2 += Vector128.Load(c + (2 * ldc) + 4);
            p3 += Vector128.Load(c + (3 * ldc));
            q3 += Vector128.Load(c + (3 * ldc) + 4);
            p4 += Vector128.Load(c + (4 * ldc));
            q4 += Vector128.Load(c + (4 * ldc) + 4);
            p5 += Vector128.Load(c + (5 * ldc));
            q5 += Vector128.Load(c + (5 * ldc) + 4);
        }

        p0.Store(c + (0 * ldc));
        q0.Store(c + (0 * ldc) + 4);
        p1.Store(c + (1 * ldc));
        q1.Store(c + (1 * ldc) + 4);
        p2.Store(c + (2 * ldc));
        q2.Store(c + (2 * ldc) + 4);
        p3.Store(c + (3 * ldc));
        q3.Store(c + (3 * ldc) + 4);
        p4.Store(c + (4 * ldc));
        q4.Store(c + (4 * ldc) + 4);
        p5.Store(c + (5 * ldc));
        q5.Store(c + (5 * ldc) + 4);
    }

    /// <summary>c [6, 8] (+)= sum over k of a[row lda + k] b[k ldb + column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows(int depth, float* a, nint lda, float* b, nint ldb, float* c, nint ldc, bool adds)
    {
        var p0 = Vector128<float>.Zero;
        var q0 = Vector128<float>.Zero;
        var p1 = Vector128<float>.Zero;
        var q1 = Vector128<float>.Zero;
        var p2 = Vector128<float>.Zero;
        var q2 = Vector128<float>.Zero;
        var p3 = Vector128<float>.Zero;
        var q3 = Vector128<float>.Zero;
        var p4 = Vector128<float>.Zero;
        var q4 = Vector128<float>.Zero;
        var p5 = Vector128<float>.Zero;
        var q5 = Vector128<float>.Zero;
        var a0 = a + (0 * lda);
        var a1 = a + (3 * lda);
        var twice = 2 * lda;
        do
        {
            var u = Vector128.Load(b);
            var v = Vector128.Load(b + 4);
            b += ldb;
            Vector128<float> x;
            x = Vector128.Create(a0[0]);
            p0 = Vector128.FusedMultiplyAdd(x, u, p0);
            q0 = Vector128.FusedMultiplyAdd(x, v, q0);
            x = Vector128.Create(a0[lda]);
            p1 = Vector128.FusedMultiplyAdd(x, u, p1);
            q1 = Vector128.FusedMultiplyAdd(x, v, q1);
            x = Vector128.Create(a0[twice]);
            p2 = Vector128.FusedMultiplyAdd(x, u, p2);
            q2 = Vector128.FusedMultiplyAdd(x, v, q2);
            x = Vector128.Create(a1[0]);
            p3 = Vector128.FusedMultiplyAdd(x, u, p3);
            q3 = Vector128.FusedMultiplyAdd(x, v, q3);
            x = Vector128.Create(a1[lda]);
            p4 = Vector128.FusedMultiplyAdd(x, u, p4);
            q4 = Vector128.FusedMultiplyAdd(x, v, q4);
            x = Vector128.Create(a1[twice]);
            p5 = Vector128.FusedMultiplyAdd(x, u, p5);
            q5 = Vector128.FusedMultiplyAdd(x, v, q5);
            a0++;
            a1++;
        }
        while (--depth > 0);

        if (adds)
        {
            p0 += Vector128.Load(c + (0 * ldc));
            q0 += Vector128.Load(c + (0 * ldc) + 4);
            p1 += Vector128.Load(c + (1 * ldc));
            q1 += Vector128.Load(c + (1 * ldc) + 4);
            p2 += Vector128.Load(c + (2 * ldc));
            q2 += Vector128.Load(c + (2 * ldc) + 4);
            p3 += Vector128.Load(c + (3 * ldc));
            q3 += Vector128.Load(c + (3 * ldc) + 4);
            p4 += Vector128.Load(c + (4 * ldc));
            q4 += Vector128.Load(c + (4 * ldc) + 4);
            p5 += Vector128.Load(c + (5 * ldc));
            q5 += Vector128.Load(c + (5 * ldc) + 4);
        }

        p0.Store(c + (0 * ldc));
        q0.Store(c + (0 * ldc) + 4);
        p1.Store(c + (1 * ldc));
        q1.Store(c + (1 * ldc) + 4);
        p2.Store(c + (2 * ldc));
        q2.Store(c + (2 * ldc) + 4);
        p3.Store(c + (3 * ldc));
        q3.Store(c + (3 * ldc) + 4);
        p4.Store(c + (4 * ldc));
        q4.Store(c + (4 * ldc) + 4);
        p5.Store(c + (5 * ldc));
        q5.Store(c + (5 * ldc) + 4);
    }
}
