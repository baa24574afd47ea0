using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelCompiler.Data;

/// <summary>Rows to rows of another width. Both forms give the same bytes.</summary>
internal static unsafe class HorizontalPass
{
    private const int Rows = 4;

    /// <param name="from">[height, old width, channels] and a margin of 32 bytes.</param>
    /// <param name="to">[height, new width, channels] and a margin.</param>
    /// <param name="isWide">With 256-bit vectors of x86; else with what every machine has.</param>
    public static void Run(ReadOnlySpan<byte> from, Span<byte> to, int height, int width, int channels, ResizeWeights weights, bool isWide)
    {
        fixed (byte* source = from, target = to)
        fixed (int* starts = weights.Starts, values = weights.Values, high = weights.High, low = weights.Low)
        {
            var (fromRow, toRow) = ((nint)width * channels, (nint)weights.Size * channels);
            var y = 0;
            if (isWide)
            {
                for (; y <= height - Rows; y += Rows)
                    RunFour(source + (y * fromRow), fromRow, target + (y * toRow), toRow, channels, weights, starts, high, low);
            }

            for (; y < height; y++)
                RunOne(source + (y * fromRow), target + (y * toRow), channels, weights, starts, values);
        }
    }

    // All channels of a pixel in one vector, one old pixel at a time.
    private static void RunOne(byte* from, byte* to, int channels, ResizeWeights weights, int* starts, int* values)
    {
        for (var x = 0; x < weights.Size; x++, values += weights.Taps, to += channels)
        {
            var pixel = from + (starts[x] * channels);
            var sum = Vector128.Create(ResizeWeights.Half);
            for (var tap = 0; tap < weights.Taps; tap++, pixel += channels)
            {
                // Behind the last pixel of the last row lies the margin only as far as weights of a whole group go.
                var old = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(pixel)).AsByte();
                sum += Vector128.WidenLower(Vector128.WidenLower(old)).AsInt32() * values[tap];
            }

            Store(to, sum >> ResizeWeights.Bits, channels);
        }
    }

    // Four rows share the weights; four old pixels at a time: bytes are arranged as pairs of one channel, multiplied and added in pairs.
    private static void RunFour(byte* from, nint fromRow, byte* to, nint toRow, int channels, ResizeWeights weights, int* starts, int* high, int* low)
    {
        var order = Order(channels);
        var spread = Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1);
        var (one, two, three) = (fromRow, 2 * fromRow, 3 * fromRow);
        for (var x = 0; x < weights.Size; x++, to += channels)
        {
            var pixel = from + (starts[x] * channels);
            Vector256<int> high0 = default, high1 = default, high2 = default, high3 = default, low0 = default, low1 = default, low2 = default, low3 = default;
            for (var tap = 0; tap < weights.Taps; tap += 4, pixel += 4 * channels, high += 2, low += 2)
            {
                var h = Avx2.PermuteVar8x32(Vector256.CreateScalarUnsafe(*(long*)high).AsInt32(), spread).AsInt16();
                var l = Avx2.PermuteVar8x32(Vector256.CreateScalarUnsafe(*(long*)low).AsInt32(), spread).AsInt16();
                Add(pixel, order, h, l, ref high0, ref low0);
                Add(pixel + one, order, h, l, ref high1, ref low1);
                Add(pixel + two, order, h, l, ref high2, ref low2);
                Add(pixel + three, order, h, l, ref high3, ref low3);
            }

            Store(to, Sum(high0, low0), channels);
            Store(to + toRow, Sum(high1, low1), channels);
            Store(to + (2 * toRow), Sum(high2, low2), channels);
            Store(to + (3 * toRow), Sum(high3, low3), channels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(byte* pixel, Vector128<byte> order, Vector256<short> high, Vector256<short> low, ref Vector256<int> highSum, ref Vector256<int> lowSum)
    {
        var pairs = Avx2.ConvertToVector256Int16(Ssse3.Shuffle(Vector128.Load(pixel), order));
        highSum += Avx2.MultiplyAddAdjacent(pairs, high);
        lowSum += Avx2.MultiplyAddAdjacent(pairs, low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Sum(Vector256<int> high, Vector256<int> low)
    {
        var sum = (high << ResizeWeights.LowBits) + low;
        return (sum.GetLower() + sum.GetUpper() + Vector128.Create(ResizeWeights.Half)) >> ResizeWeights.Bits;
    }

    // Nothing is written behind the pixel: there the row below begins.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(byte* to, Vector128<int> sum, int channels)
    {
        var words = Vector128.NarrowWithSaturation(sum, sum);
        var bytes = Vector128.NarrowWithSaturation(Vector128.Max(words, default).AsUInt16(), Vector128.Max(words, default).AsUInt16()).AsUInt32().ToScalar();
        switch (channels)
        {
            case 4:
                Unsafe.WriteUnaligned(to, bytes);
                break;
            case 3:
                Unsafe.WriteUnaligned(to, (ushort)bytes);
                to[2] = (byte)(bytes >> 16);
                break;
            case 2:
                Unsafe.WriteUnaligned(to, (ushort)bytes);
                break;
            default:
                *to = (byte)bytes;
                break;
        }
    }

    // Channel by channel the bytes of two pixels, then those of the next two; channels that are not there are 0.
    private static Vector128<byte> Order(int channels)
    {
        Span<byte> order = stackalloc byte[16];
        for (var i = 0; i < 16; i++)
        {
            var (channel, pixel) = (i % 8 / 2, (i / 8 * 2) + (i % 2));
            order[i] = channel < channels ? (byte)((pixel * channels) + channel) : (byte)0x80;
        }

        return Vector128.Create<byte>(order);
    }
}
