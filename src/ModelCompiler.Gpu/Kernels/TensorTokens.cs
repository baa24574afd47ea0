using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>
/// What attention by tensor cores is made of: 64 tokens of a head in shared memory, of elements of 16 bits, and what a warp makes of 16 of them and all of others.
/// </summary>
internal static class TensorTokens<TWidth>
    where TWidth : struct, IHeadWidth
{
    /// <summary>Bytes from token to token in shared memory: a gap puts eight neighbours into different banks.</summary>
    public static int Stride
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 16 * ((1 << TWidth.Bits) + 1);
    }

    /// <summary>Where a thread's address for fragments lies whose channels are summed over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ByTokens(int lane) => ((lane & 15) * Stride) + (16 * (lane >> 4));

    /// <summary>The same where tokens are summed over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ByChannels(int lane) => ((((lane >> 4) << 3) + (lane & 7)) * Stride) + (16 * ((lane >> 3) & 1));

    /// <summary>Starts to copy 64 tokens of a head; those behind the last, and channels that the head does not have, are zeros.</summary>
    /// <param name="at">Where the first token lies.</param>
    /// <param name="count">Tokens that there are.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy<M>(M tensor, int to, int thread, int at, int stride, int count, int width)
        where M : struct, IMatrix
    {
        for (var piece = thread; piece < AttentionTile.Size << TWidth.Bits; piece += AttentionTile.Threads)
        {
            var (token, channel) = (piece >> TWidth.Bits, (piece & ((1 << TWidth.Bits) - 1)) << 3);
            var isInside = token < count && channel < width;
            TensorCore.Copy((uint)(to + (token * Stride) + (2 * channel)), tensor.Address(isInside ? at + (token * stride) + channel : 0), isInside ? 16 : 0);
        }
    }

    /// <summary>16 tokens by 16 channels of a step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words Load(int from, int step) => TensorCore.Fragment((uint)(from + (32 * step)));

    /// <summary>Adds products over 16 channels of a step: of 16 tokens and 64 others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TensorRow Left, TensorRow Right) Multiply(int from, int step, Words tokens, TensorRow left, TensorRow right) => (
        TensorRow.MultiplyAdd<NarrowKind>(tokens, Load(from, step), Load(from + (16 * Stride), step), left),
        TensorRow.MultiplyAdd<NarrowKind>(tokens, Load(from + (32 * Stride), step), Load(from + (48 * Stride), step), right));

    /// <summary>Adds sums over 64 tokens, each times its weight for each of a warp's 16: of 32 channels.</summary>
    /// <param name="part">Which 32 channels.</param>
    /// <param name="w0">Weights of the first 16 tokens.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow Combine(int from, int part, Words w0, Words w1, Words w2, Words w3, TensorRow sums)
    {
        sums = Combine(from, part, w0, sums);
        sums = Combine(from + (16 * Stride), part, w1, sums);
        sums = Combine(from + (32 * Stride), part, w2, sums);
        return Combine(from + (48 * Stride), part, w3, sums);
    }

    /// <summary>The same over 16 tokens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow Combine(int from, int part, Words weights, TensorRow sums) => TensorRow.MultiplyAdd<NarrowKind>(
        weights, TensorCore.FragmentTransposed((uint)(from + (64 * part))), TensorCore.FragmentTransposed((uint)(from + (64 * part) + 32)), sums);

    /// <summary>The sum over the four threads that share a token.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfFour(float value)
    {
        value += Warp.ShuffleXor(value, 1);
        return value + Warp.ShuffleXor(value, 2);
    }

    /// <summary>Writes a thread's part of 32 channels.</summary>
    /// <param name="at">Where the thread's upper token lies; the lower is eight tokens on.</param>
    /// <param name="part">Which 32 channels.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ArrayView<float> to, int at, int stride, int lane, int part, int width, bool hasUpper, bool hasLower, TensorRow s)
    {
        var (first, below) = ((32 * part) + (2 * (lane & 3)), at + (8 * stride));
        Store(to, at, first, hasUpper && first < width, s.C0.A, s.C0.B);
        Store(to, at, first + 8, hasUpper && first + 8 < width, s.C1.A, s.C1.B);
        Store(to, at, first + 16, hasUpper && first + 16 < width, s.C2.A, s.C2.B);
        Store(to, at, first + 24, hasUpper && first + 24 < width, s.C3.A, s.C3.B);
        Store(to, below, first, hasLower && first < width, s.C0.C, s.C0.D);
        Store(to, below, first + 8, hasLower && first + 8 < width, s.C1.C, s.C1.D);
        Store(to, below, first + 16, hasLower && first + 16 < width, s.C2.C, s.C2.D);
        Store(to, below, first + 24, hasLower && first + 24 < width, s.C3.C, s.C3.D);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ArrayView<float> to, int at, int channel, bool isInside, float left, float right)
    {
        if (isInside)
        {
            to[at + channel] = left;
            to[at + channel + 1] = right;
        }
    }
}
