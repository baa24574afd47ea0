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

    /// <summary>
    /// Where a thread's address lies of fragments whose lower eight tokens are first, then the upper eight, then both of the next eight channels: what is
    /// multiplied from the left, and transposed what is multiplied from the right where tokens are summed over.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ByTokens(int lane) => ((lane & 15) * Stride) + (16 * (lane >> 4));

    /// <summary>
    /// The same where eight tokens' lower and upper channels are first: what is multiplied from the right where channels are summed over. A tensor core
    /// takes two registers that are next to each other: in another order each would be moved.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ByChannels(int lane) => ((((lane >> 4) << 3) + (lane & 7)) * Stride) + (16 * ((lane >> 3) & 1));

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

    /// <summary>The same over 32 tokens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow Combine(int from, int part, Words w0, Words w1, TensorRow sums) => Combine(from + (16 * Stride), part, w1, Combine(from, part, w0, sums));

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
