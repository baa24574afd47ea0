// Written by make-tiles.sh.
using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>Inner loops of matrix products. 24 sums, 2 of b and 1 of a fill 27 of AVX-512's 32 registers; 12 sums fill 15 of the 16 of the others.</summary>
internal static unsafe class Tiles
{
    /// <summary>12 rows by 2 vectors: c (+)= sum over k of a[k lda + row] b[k 2 lanes + column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows12<V>(int k, float* a, nint lda, float* b, float* c, nint ldc, bool accumulate)
        where V : unmanaged, ISimd<V>
    {
        V c00 = V.Zero, c01 = V.Zero;
        V c10 = V.Zero, c11 = V.Zero;
        V c20 = V.Zero, c21 = V.Zero;
        V c30 = V.Zero, c31 = V.Zero;
        V c40 = V.Zero, c41 = V.Zero;
        V c50 = V.Zero, c51 = V.Zero;
        V c60 = V.Zero, c61 = V.Zero;
        V c70 = V.Zero, c71 = V.Zero;
        V c80 = V.Zero, c81 = V.Zero;
        V c90 = V.Zero, c91 = V.Zero;
        V c100 = V.Zero, c101 = V.Zero;
        V c110 = V.Zero, c111 = V.Zero;
        do
        {
            var b0 = V.Load(b);
            var b1 = V.Load(b + V.Lanes);
            b += 2 * V.Lanes;
            V x;
            x = V.Create(a[0]);
            c00 = V.MultiplyAdd(x, b0, c00);
            c01 = V.MultiplyAdd(x, b1, c01);
            x = V.Create(a[1]);
            c10 = V.MultiplyAdd(x, b0, c10);
            c11 = V.MultiplyAdd(x, b1, c11);
            x = V.Create(a[2]);
            c20 = V.MultiplyAdd(x, b0, c20);
            c21 = V.MultiplyAdd(x, b1, c21);
            x = V.Create(a[3]);
            c30 = V.MultiplyAdd(x, b0, c30);
            c31 = V.MultiplyAdd(x, b1, c31);
            x = V.Create(a[4]);
            c40 = V.MultiplyAdd(x, b0, c40);
            c41 = V.MultiplyAdd(x, b1, c41);
            x = V.Create(a[5]);
            c50 = V.MultiplyAdd(x, b0, c50);
            c51 = V.MultiplyAdd(x, b1, c51);
            x = V.Create(a[6]);
            c60 = V.MultiplyAdd(x, b0, c60);
            c61 = V.MultiplyAdd(x, b1, c61);
            x = V.Create(a[7]);
            c70 = V.MultiplyAdd(x, b0, c70);
            c71 = V.MultiplyAdd(x, b1, c71);
            x = V.Create(a[8]);
            c80 = V.MultiplyAdd(x, b0, c80);
            c81 = V.MultiplyAdd(x, b1, c81);
            x = V.Create(a[9]);
            c90 = V.MultiplyAdd(x, b0, c90);
            c91 = V.MultiplyAdd(x, b1, c91);
            x = V.Create(a[10]);
            c100 = V.MultiplyAdd(x, b0, c100);
            c101 = V.MultiplyAdd(x, b1, c101);
            x = V.Create(a[11]);
            c110 = V.MultiplyAdd(x, b0, c110);
            c111 = V.MultiplyAdd(x, b1, c111);
            a += lda;
        }
        while (--k > 0);

        if (accumulate)
        {
            c00 += V.Load(c + (0 * ldc));
            c01 += V.Load(c + (0 * ldc) + V.Lanes);
            c10 += V.Load(c + (1 * ldc));
            c11 += V.Load(c + (1 * ldc) + V.Lanes);
            c20 += V.Load(c + (2 * ldc));
            c21 += V.Load(c + (2 * ldc) + V.Lanes);
            c30 += V.Load(c + (3 * ldc));
            c31 += V.Load(c + (3 * ldc) + V.Lanes);
            c40 += V.Load(c + (4 * ldc));
            c41 += V.Load(c + (4 * ldc) + V.Lanes);
            c50 += V.Load(c + (5 * ldc));
            c51 += V.Load(c + (5 * ldc) + V.Lanes);
            c60 += V.Load(c + (6 * ldc));
            c61 += V.Load(c + (6 * ldc) + V.Lanes);
            c70 += V.Load(c + (7 * ldc));
            c71 += V.Load(c + (7 * ldc) + V.Lanes);
            c80 += V.Load(c + (8 * ldc));
            c81 += V.Load(c + (8 * ldc) + V.Lanes);
            c90 += V.Load(c + (9 * ldc));
            c91 += V.Load(c + (9 * ldc) + V.Lanes);
            c100 += V.Load(c + (10 * ldc));
            c101 += V.Load(c + (10 * ldc) + V.Lanes);
            c110 += V.Load(c + (11 * ldc));
            c111 += V.Load(c + (11 * ldc) + V.Lanes);
        }

        V.Store(c + (0 * ldc), c00);
        V.Store(c + (0 * ldc) + V.Lanes, c01);
        V.Store(c + (1 * ldc), c10);
        V.Store(c + (1 * ldc) + V.Lanes, c11);
        V.Store(c + (2 * ldc), c20);
        V.Store(c + (2 * ldc) + V.Lanes, c21);
        V.Store(c + (3 * ldc), c30);
        V.Store(c + (3 * ldc) + V.Lanes, c31);
        V.Store(c + (4 * ldc), c40);
        V.Store(c + (4 * ldc) + V.Lanes, c41);
        V.Store(c + (5 * ldc), c50);
        V.Store(c + (5 * ldc) + V.Lanes, c51);
        V.Store(c + (6 * ldc), c60);
        V.Store(c + (6 * ldc) + V.Lanes, c61);
        V.Store(c + (7 * ldc), c70);
        V.Store(c + (7 * ldc) + V.Lanes, c71);
        V.Store(c + (8 * ldc), c80);
        V.Store(c + (8 * ldc) + V.Lanes, c81);
        V.Store(c + (9 * ldc), c90);
        V.Store(c + (9 * ldc) + V.Lanes, c91);
        V.Store(c + (10 * ldc), c100);
        V.Store(c + (10 * ldc) + V.Lanes, c101);
        V.Store(c + (11 * ldc), c110);
        V.Store(c + (11 * ldc) + V.Lanes, c111);
    }

    /// <summary>6 rows by 2 vectors: c (+)= sum over k of a[k lda + row] b[k 2 lanes + column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows6<V>(int k, float* a, nint lda, float* b, float* c, nint ldc, bool accumulate)
        where V : unmanaged, ISimd<V>
    {
        V c00 = V.Zero, c01 = V.Zero;
        V c10 = V.Zero, c11 = V.Zero;
        V c20 = V.Zero, c21 = V.Zero;
        V c30 = V.Zero, c31 = V.Zero;
        V c40 = V.Zero, c41 = V.Zero;
        V c50 = V.Zero, c51 = V.Zero;
        do
        {
            var b0 = V.Load(b);
            var b1 = V.Load(b + V.Lanes);
            b += 2 * V.Lanes;
            V x;
            x = V.Create(a[0]);
            c00 = V.MultiplyAdd(x, b0, c00);
            c01 = V.MultiplyAdd(x, b1, c01);
            x = V.Create(a[1]);
            c10 = V.MultiplyAdd(x, b0, c10);
            c11 = V.MultiplyAdd(x, b1, c11);
            x = V.Create(a[2]);
            c20 = V.MultiplyAdd(x, b0, c20);
            c21 = V.MultiplyAdd(x, b1, c21);
            x = V.Create(a[3]);
            c30 = V.MultiplyAdd(x, b0, c30);
            c31 = V.MultiplyAdd(x, b1, c31);
            x = V.Create(a[4]);
            c40 = V.MultiplyAdd(x, b0, c40);
            c41 = V.MultiplyAdd(x, b1, c41);
            x = V.Create(a[5]);
            c50 = V.MultiplyAdd(x, b0, c50);
            c51 = V.MultiplyAdd(x, b1, c51);
            a += lda;
        }
        while (--k > 0);

        if (accumulate)
        {
            c00 += V.Load(c + (0 * ldc));
            c01 += V.Load(c + (0 * ldc) + V.Lanes);
            c10 += V.Load(c + (1 * ldc));
            c11 += V.Load(c + (1 * ldc) + V.Lanes);
            c20 += V.Load(c + (2 * ldc));
            c21 += V.Load(c + (2 * ldc) + V.Lanes);
            c30 += V.Load(c + (3 * ldc));
            c31 += V.Load(c + (3 * ldc) + V.Lanes);
            c40 += V.Load(c + (4 * ldc));
            c41 += V.Load(c + (4 * ldc) + V.Lanes);
            c50 += V.Load(c + (5 * ldc));
            c51 += V.Load(c + (5 * ldc) + V.Lanes);
        }

        V.Store(c + (0 * ldc), c00);
        V.Store(c + (0 * ldc) + V.Lanes, c01);
        V.Store(c + (1 * ldc), c10);
        V.Store(c + (1 * ldc) + V.Lanes, c11);
        V.Store(c + (2 * ldc), c20);
        V.Store(c + (2 * ldc) + V.Lanes, c21);
        V.Store(c + (3 * ldc), c30);
        V.Store(c + (3 * ldc) + V.Lanes, c31);
        V.Store(c + (4 * ldc), c40);
        V.Store(c + (4 * ldc) + V.Lanes, c41);
        V.Store(c + (5 * ldc), c50);
        V.Store(c + (5 * ldc) + V.Lanes, c51);
    }
}
