using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>Up to 8 rows become columns, 8 x 8 elements at a time in registers.</summary>
internal static unsafe class Transpose256
{
    /// <summary>As <see cref="Transpose512.Run"/>, for 8 rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* from, nint rowStride, int rows, int depth, float* to, nint stride)
    {
        var k = 0;
        for (; k + 8 <= depth; k += 8, from += 8, to += 8 * stride)
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

            // Half q of r(4 g + j) holds column 4 q + j of rows 4 g to 4 g + 3.
            Avx.Permute2x128(r0, r4, 0x20).Store(to);
            Avx.Permute2x128(r1, r5, 0x20).Store(to + stride);
            Avx.Permute2x128(r2, r6, 0x20).Store(to + (2 * stride));
            Avx.Permute2x128(r3, r7, 0x20).Store(to + (3 * stride));
            Avx.Permute2x128(r0, r4, 0x31).Store(to + (4 * stride));
            Avx.Permute2x128(r1, r5, 0x31).Store(to + (5 * stride));
            Avx.Permute2x128(r2, r6, 0x31).Store(to + (6 * stride));
            Avx.Permute2x128(r3, r7, 0x31).Store(to + (7 * stride));
        }

        for (; k < depth; k++, from++, to += stride)
        {
            for (var i = 0; i < Math.Min(8, stride); i++)
            {
                to[i] = i < rows ? from[i * rowStride] : 0f;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Row(float* from, nint stride, int row, int rows) => row < rows ? Vector256.Load(from + (row * stride)) : Vector256<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4(ref Vector256<float> a, ref Vector256<float> b, ref Vector256<float> c, ref Vector256<float> d)
    {
        var ab0 = Avx.UnpackLow(a, b).AsDouble();
        var ab1 = Avx.UnpackHigh(a, b).AsDouble();
        var cd0 = Avx.UnpackLow(c, d).AsDouble();
        var cd1 = Avx.UnpackHigh(c, d).AsDouble();
        a = Avx.UnpackLow(ab0, cd0).AsSingle();
        b = Avx.UnpackHigh(ab0, cd0).AsSingle();
        c = Avx.UnpackLow(ab1, cd1).AsSingle();
        d = Avx.UnpackHigh(ab1, cd1).AsSingle();
    }
}
