using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelCompiler.Data;

/// <summary>Rows to another number of rows, 16 bytes of a row at a time. Both forms give the same bytes.</summary>
internal static unsafe class VerticalPass
{
    private const int Bytes = 16;

    /// <param name="from">[old height, row bytes] and a margin of 32 bytes.</param>
    /// <param name="to">[new height, row bytes] and a margin: what is written behind a row is overwritten by the next.</param>
    /// <param name="isWide">With 256-bit vectors of x86; else with what every machine has.</param>
    public static void Run(ReadOnlySpan<byte> from, Span<byte> to, int height, int rowBytes, ResizeWeights weights, bool isWide)
    {
        fixed (byte* source = from, target = to)
        fixed (int* values = weights.Values, high = weights.High, low = weights.Low)
        {
            for (var y = 0; y < weights.Size; y++)
            {
                // Rows behind the last weigh nothing and are not read.
                var (start, at) = (weights.Starts[y], y * weights.Taps);
                var taps = Math.Min(weights.Taps, height - start);
                var first = source + ((nint)start * rowBytes);
                var row = target + ((nint)y * rowBytes);
                for (var x = 0; x < rowBytes; x += Bytes)
                {
                    if (isWide)
                        WideColumn(first + x, rowBytes, row + x, taps, high + (at / 2), low + (at / 2));
                    else
                        Column(first + x, rowBytes, row + x, taps, values + at);
                }
            }
        }
    }

    private static void Column(byte* from, nint rowBytes, byte* to, int taps, int* weights)
    {
        Vector128<int> sum0, sum1, sum2, sum3;
        sum0 = sum1 = sum2 = sum3 = Vector128.Create(ResizeWeights.Half);
        for (var tap = 0; tap < taps; tap++, from += rowBytes)
        {
            var (lower, upper) = Vector128.Widen(Vector128.Load(from));
            sum0 += Vector128.WidenLower(lower).AsInt32() * weights[tap];
            sum1 += Vector128.WidenUpper(lower).AsInt32() * weights[tap];
            sum2 += Vector128.WidenLower(upper).AsInt32() * weights[tap];
            sum3 += Vector128.WidenUpper(upper).AsInt32() * weights[tap];
        }

        Narrow(sum0 >> ResizeWeights.Bits, sum1 >> ResizeWeights.Bits, sum2 >> ResizeWeights.Bits, sum3 >> ResizeWeights.Bits).Store(to);
    }

    // Two rows at a time, byte beside byte, multiplied and added in pairs.
    private static void WideColumn(byte* from, nint rowBytes, byte* to, int taps, int* high, int* low)
    {
        Vector256<int> highLeft = default, highRight = default, lowLeft = default, lowRight = default;
        for (var tap = 0; tap < taps; tap += 2, from += 2 * rowBytes, high++, low++)
        {
            var upper = Vector128.Load(from);
            var lower = tap + 1 < taps ? Vector128.Load(from + rowBytes) : default;
            var (h, l) = (Vector256.Create(*high).AsInt16(), Vector256.Create(*low).AsInt16());
            var left = Avx2.ConvertToVector256Int16(Sse2.UnpackLow(upper, lower));
            var right = Avx2.ConvertToVector256Int16(Sse2.UnpackHigh(upper, lower));
            highLeft += Avx2.MultiplyAddAdjacent(left, h);
            highRight += Avx2.MultiplyAddAdjacent(right, h);
            lowLeft += Avx2.MultiplyAddAdjacent(left, l);
            lowRight += Avx2.MultiplyAddAdjacent(right, l);
        }

        var (a, b) = (Sum(highLeft, lowLeft), Sum(highRight, lowRight));
        Narrow(a.GetLower(), a.GetUpper(), b.GetLower(), b.GetUpper()).Store(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Sum(Vector256<int> high, Vector256<int> low) =>
        ((high << ResizeWeights.LowBits) + low + Vector256.Create(ResizeWeights.Half)) >> ResizeWeights.Bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Narrow(Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> d) => Vector128.NarrowWithSaturation(
        Vector128.Max(Vector128.NarrowWithSaturation(a, b), default).AsUInt16(), Vector128.Max(Vector128.NarrowWithSaturation(c, d), default).AsUInt16());
}
