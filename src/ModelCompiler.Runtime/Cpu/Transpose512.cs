using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>Up to 16 rows become columns, 16 x 16 elements at a time in registers.</summary>
internal static unsafe class Transpose512
{
    /// <summary>
    /// to[k stride + i] = from[i rowStride + k] for i below <paramref name="rows"/>; lanes from there to 16 get 0. Rows of the result
    /// are written whole in ascending order: where they are narrower than 16, the next one overwrites the surplus.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* from, nint rowStride, int rows, int depth, float* to, nint stride)
    {
        var k = 0;
        for (; k + 16 <= depth; k += 16, from += 16, to += 16 * stride)
        {
            var r0 = Row(from, rowStride, 0, rows);
            var r1 = Row(from, rowStride, 1, rows);
            var r2 = Row(from, rowStride, 2, rows);
            var r3 = Row(from, rowStride, 3, rows);
            Transpose4(ref r0, ref r1, ref r2, ref r3);
            var r4 = Row(from, rowStride, 4, rows);
            var r5 = Row(from, rowStride, 5, rows);
            var r6 = Row(from, rowStride, 6, rows);
            var r7 = Row(from, rowStride, 7, rows);
            Transpose4(ref r4, ref r5, ref r6, ref r7);
            var r8 = Row(from, rowStride, 8, rows);
            var r9 = Row(from, rowStride, 9, rows);
            var r10 = Row(from, rowStride, 10, rows);
            var r11 = Row(from, rowStride, 11, rows);
            Transpose4(ref r8, ref r9, ref r10, ref r11);
            var r12 = Row(from, rowStride, 12, rows);
            var r13 = Row(from, rowStride, 13, rows);
            var r14 = Row(from, rowStride, 14, rows);
            var r15 = Row(from, rowStride, 15, rows);
            Transpose4(ref r12, ref r13, ref r14, ref r15);

            // Lane q of r(4 g + j) now holds column 4 q + j of rows 4 g to 4 g + 3: gather lane q of the four groups, columns ascending.
            Gather(r0, r4, r8, r12, out var c0, out var c4, out var c8, out var c12);
            Gather(r1, r5, r9, r13, out var c1, out var c5, out var c9, out var c13);
            Gather(r2, r6, r10, r14, out var c2, out var c6, out var c10, out var c14);
            Gather(r3, r7, r11, r15, out var c3, out var c7, out var c11, out var c15);
            c0.Store(to);
            c1.Store(to + stride);
            c2.Store(to + (2 * stride));
            c3.Store(to + (3 * stride));
            c4.Store(to + (4 * stride));
            c5.Store(to + (5 * stride));
            c6.Store(to + (6 * stride));
            c7.Store(to + (7 * stride));
            c8.Store(to + (8 * stride));
            c9.Store(to + (9 * stride));
            c10.Store(to + (10 * stride));
            c11.Store(to + (11 * stride));
            c12.Store(to + (12 * stride));
            c13.Store(to + (13 * stride));
            c14.Store(to + (14 * stride));
            c15.Store(to + (15 * stride));
        }

        for (; k < depth; k++, from++, to += stride)
        {
            for (var i = 0; i < Math.Min(16, stride); i++)
            {
                to[i] = i < rows ? from[i * rowStride] : 0f;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Row(float* from, nint stride, int row, int rows) => row < rows ? Vector512.Load(from + (row * stride)) : Vector512<float>.Zero;

    // Within each lane of four: rows become columns.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4(ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d)
    {
        var ab0 = Avx512F.UnpackLow(a, b).AsDouble();
        var ab1 = Avx512F.UnpackHigh(a, b).AsDouble();
        var cd0 = Avx512F.UnpackLow(c, d).AsDouble();
        var cd1 = Avx512F.UnpackHigh(c, d).AsDouble();
        a = Avx512F.UnpackLow(ab0, cd0).AsSingle();
        b = Avx512F.UnpackHigh(ab0, cd0).AsSingle();
        c = Avx512F.UnpackLow(ab1, cd1).AsSingle();
        d = Avx512F.UnpackHigh(ab1, cd1).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(
        Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d,
        out Vector512<float> lane0, out Vector512<float> lane1, out Vector512<float> lane2, out Vector512<float> lane3)
    {
        var ab01 = Avx512F.Shuffle4x128(a, b, 0x44);
        var cd01 = Avx512F.Shuffle4x128(c, d, 0x44);
        var ab23 = Avx512F.Shuffle4x128(a, b, 0xEE);
        var cd23 = Avx512F.Shuffle4x128(c, d, 0xEE);
        lane0 = Avx512F.Shuffle4x128(ab01, cd01, 0x88);
        lane1 = Avx512F.Shuffle4x128(ab01, cd01, 0xDD);
        lane2 = Avx512F.Shuffle4x128(ab23, cd23, 0x88);
        lane3 = Avx512F.Shuffle4x128(ab23, cd23, 0xDD);
    }
}
